import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import {type Direction, gates, project, scan} from './direction.js'
import {type Cell, type Run, recurrentGradient} from './recurrent-gradient.js'

/** What each step leaves behind, [T, N, H] each: the gates, and what they made of the cell's state. */
interface LstmRun extends Run {
  readonly i: Value
  readonly o: Value
  readonly f: Value
  readonly g: Value
  /** f·c */
  readonly kept: Value
  /** tanh c' */
  readonly t: Value
  /** [N, H] */
  readonly last: Value
  readonly lastCell: Value
}

/** c' = f·c + i·g and h' = o·tanh c', with gates in ONNX's order i, o, f, g. */
const lstmCell: Cell<LstmRun> = {
  run(build, node, directions) {
    const runs = directions.map((direction) => runOf(build.before(node), direction))
    takeOutputs(build.before(node), node, runs)
    return runs
  },

  gradient(build, {r, isReverse, dStates, dLast, dLastCell}, {states, i, o, f, g, kept, t}) {
    const added = build.mul(i, g)
    // v − v·s is the slope v·(1 − s) of a gate s that v is a multiple of, for all steps at once
    const slope = (v: Value, s: Value) => build.sub(v, build.mul(v, s))
    const toCell = build.sub(o, build.mul(states, t))
    const toGates = [slope(added, i), slope(states, o), slope(kept, f), build.sub(i, build.mul(added, g))]
    const [dFirst, dFirstCell, rows] = scan(build, {
      isBackward: !isReverse,
      states: [dLast, dLastCell],
      scanned: [dStates, toCell, f, build.op('Concat', toGates, {axis: 2})],
      step: (body, [dH, dC], [dY, through, keep, slopes]) => {
        const state = body.op('Add', [dY, dH])
        const cell = body.op('Add', [dC, body.op('Mul', [state, through])])
        const row = body.op('Mul', [body.op('Concat', [cell, state, cell, cell], {axis: 1}), slopes])
        return [body.op('MatMul', [row, r]), body.op('Mul', [cell, keep]), row]
      },
    }) as [Value, Value, Value]
    return {inputRows: rows, stateRows: rows, dFirst, dFirstCell}
  },
}

/** The forward run as a Scan that gives its gates: the operator keeps them to itself, and computing them again takes as long. */
function runOf(build: GradientBuilder, direction: Direction): LstmRun {
  const {x, w, r, biases, hidden, isReverse, first, firstCell} = direction
  const [last, lastCell, sigmoids, g, kept, t] = scan(build, {
    isBackward: isReverse,
    states: [first, firstCell],
    scanned: [project(build, x, w, biases)],
    step: (body, [h, c], [row]) => {
      const sums = body.op('Gemm', [h, r, row], {transB: 1})
      const parts = body.node('Split', [sums, body.ints([3 * hidden, hidden])], {axis: 1}, {outputs: 2})
      const gate = body.op('Sigmoid', [parts.outputs[0]])
      const candidate = body.op('Tanh', [parts.outputs[1]])
      const thirds = body.ints([hidden, hidden, hidden])
      const [i, o, f] = body.node('Split', [gate, thirds], {axis: 1}, {outputs: 3}).outputs
      const rest = body.op('Mul', [f, c])
      const next = body.op('Add', [rest, body.op('Mul', [i, candidate])])
      const bent = body.op('Tanh', [next])
      return [body.op('Mul', [o, bent]), next, gate, candidate, rest, bent]
    },
  }) as [Value, Value, Value, Value, Value, Value]
  const [i, o, f] = gates(build, sigmoids, 3, hidden, 2) as [Value, Value, Value]
  return {states: build.mul(o, t), i, o, f, g, kept, t, last, lastCell}
}

/** The operator's outputs now come from its runs: Y [T, D, N, H], Y_h and Y_c [D, N, H]. */
function takeOutputs(build: GradientBuilder, node: Node, runs: readonly LstmRun[]): void {
  const join = (values: readonly Value[], axis: number) => {
    const parts = values.map((value) => build.unsqueeze(value, [axis]))
    return build.node('Concat', parts, {axis})
  }
  const joined = [
    () =>
      join(
        runs.map(({states}) => states),
        1,
      ),
    () =>
      join(
        runs.map(({last}) => last),
        0,
      ),
    () =>
      join(
        runs.map(({lastCell}) => lastCell),
        0,
      ),
  ]
  for (const [index, value] of [...node.outputs].entries()) {
    const made = value && joined[index]?.()
    if (made) build.graph.moveOutput(value, made, 0)
  }
}

export const lstmGradient = recurrentGradient(lstmCell, ['Sigmoid', 'Tanh', 'Tanh'])
