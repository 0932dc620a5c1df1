import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import {type CellGradient, type Direction, gates, project, scan} from './direction.js'
import {
  type Cell,
  givenRuns,
  type Run,
  recurrentGradient,
  rowProduct,
  sigmoidSlope,
  tanhSlope,
} from './recurrent-gradient.js'

/** The gates of all steps, [T, N, H] each, and what the candidate n took from the state. */
interface Gates {
  readonly z: Value
  readonly r: Value
  readonly n: Value
  /** H · Rₙᵀ + its bias where the reset gate comes behind that product, r · H where it comes before. */
  readonly inner: Value
  /** The state before each step. */
  readonly previous: Value
  /** dH to the update gate's and the candidate's sums. */
  readonly slopeZ: Value
  readonly slopeN: Value
}

/** h' = (1 − z)·n + z·h, with gates in ONNX's order z, r, n. */
const gruCell: Cell<Run> = {
  run: givenRuns,
  gradient(build, direction, _run, previous) {
    const resetsLast = direction.node.int('linear_before_reset', 0) !== 0
    const found = gatesOf(build, direction, {previous, resetsLast})
    return resetsLast ? resetBehind(build, direction, found) : resetBefore(build, direction, found)
  },
}

function gatesOf(
  build: GradientBuilder,
  {x, w, r: weight, biases, hidden}: Direction,
  {previous, resetsLast}: {previous: Value; resetsLast: boolean},
): Gates {
  const [wb, rb] = biases
  const fromX = gates(build, project(build, x, w, wb ? [wb] : []), 3, hidden, 2) as [Value, Value, Value]
  const fromH = gates(build, project(build, previous, weight, rb ? [rb] : []), 3, hidden, 2) as [Value, Value, Value]
  const [z, r] = [0, 1].map((gate) => build.op('Sigmoid', [build.add(fromX[gate] as Value, fromH[gate] as Value)])) as [
    Value,
    Value,
  ]
  const inner = resetsLast ? fromH[2] : build.mul(r, previous)
  const candidate = gates(build, weight, 3, hidden, 0)[2] as Value
  const bias = rb ? gates(build, rb, 3, hidden, 0).slice(2) : []
  const taken = resetsLast ? build.mul(r, inner) : project(build, inner, candidate, bias)
  const n = build.op('Tanh', [build.add(fromX[2], taken)])
  const slopeZ = build.mul(build.sub(previous, n), sigmoidSlope(build, z))
  const slopeN = build.mul(build.sub(build.like(z, 1), z), tanhSlope(build, n))
  return {z, r, n, inner, previous, slopeZ, slopeN}
}

/** n = tanh(x·Wₙᵀ + r·(h·Rₙᵀ + b)): all that flows into h·Rᵀ is a multiple of dH. */
function resetBehind(build: GradientBuilder, direction: Direction, {z, r, inner, slopeZ, slopeN}: Gates): CellGradient {
  const slopeR = build.mul(build.mul(slopeN, inner), sigmoidSlope(build, r))
  const slopes = build.op('Concat', [slopeZ, slopeR, build.mul(slopeN, r)], {axis: 2})
  const [dFirst, states, rows] = scan(build, {
    isBackward: !direction.isReverse,
    states: [direction.dLast],
    scanned: [direction.dStates, z, slopes],
    step: (body, [dH], [dY, keep, slope]) => {
      const state = body.op('Add', [dY, dH])
      const row = body.op('Mul', [body.op('Concat', [state, state, state], {axis: 1}), slope])
      return [body.op('Add', [body.op('MatMul', [row, direction.r]), body.op('Mul', [state, keep])]), state, row]
    },
  }) as [Value, Value, Value]
  const [dZ, dR] = gates(build, rows, 3, direction.hidden, 2) as [Value, Value]
  const inputRows = build.op('Concat', [dZ, dR, build.mul(states, slopeN)], {axis: 2})
  return {inputRows, stateRows: rows, dFirst}
}

/** n = tanh(x·Wₙᵀ + (r·h)·Rₙᵀ + b): the way to r goes through Rₙ, step by step. */
function resetBefore(
  build: GradientBuilder,
  direction: Direction,
  {z, r, inner, previous, slopeZ, slopeN}: Gates,
): CellGradient {
  const {hidden} = direction
  const [gated, candidate] = build.node(
    'Split',
    [direction.r, build.ints([2 * hidden, hidden])],
    {axis: 0},
    {outputs: 2},
  ).outputs as [Value, Value]
  const slopeR = build.mul(previous, sigmoidSlope(build, r))
  const [dFirst, rows] = scan(build, {
    isBackward: !direction.isReverse,
    states: [direction.dLast],
    scanned: [direction.dStates, z, r, slopeZ, slopeR, slopeN],
    step: (body, [dH], [dY, keep, reset, toZ, toR, toN]) => {
      const state = body.op('Add', [dY, dH])
      const dN = body.op('Mul', [state, toN])
      const dInner = body.op('MatMul', [dN, candidate])
      const row = body.op('Concat', [body.op('Mul', [state, toZ]), body.op('Mul', [dInner, toR])], {axis: 1})
      const ways = [body.op('MatMul', [row, gated]), body.op('Mul', [state, keep]), body.op('Mul', [dInner, reset])]
      return [body.op('Sum', ways), body.op('Concat', [row, dN], {axis: 1})]
    },
  }) as [Value, Value]
  const [ofGates, ofCandidate] = build.node('Split', [rows, build.ints([2 * hidden, hidden])], {axis: 2}, {outputs: 2})
    .outputs as [Value, Value]
  const parts = [rowProduct(build, ofGates, previous), rowProduct(build, ofCandidate, inner)]
  return {inputRows: rows, stateRows: rows, dR: build.op('Concat', parts, {axis: 0}), dFirst}
}

export const gruGradient = recurrentGradient(gruCell, ['Sigmoid', 'Tanh'])
