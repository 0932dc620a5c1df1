import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {type CellGradient, checkPlain, type Direction, directionOf, half, previousOf} from './direction.js'

/** One direction of a layer's forward run. */
export interface Run {
  /** The state after each step, [T, N, H]. */
  readonly states: Value
}

/** A kind of recurrent layer. */
export interface Cell<Kept extends Run> {
  /** The runs of all directions: of the operator itself, or written anew in its place, with what the gradient needs. */
  run(build: GradientBuilder, node: Node, directions: readonly Direction[]): readonly Kept[]
  /** @param previous the state before each step, [T, N, H]. */
  gradient(build: GradientBuilder, direction: Direction, run: Kept, previous: Value): CellGradient
}

/** What one direction adds to the gradients of X, W, R, B and the first states. */
type Parts = readonly [x: Value, w: Value, r: Value, b: Value, first: Value, cell: Value | undefined]

/**
 * Back through time. Only the chain of states runs step by step, in a Scan; the gradients of the weights are one product each
 * after it.
 */
export function recurrentGradient<Kept extends Run>(cell: Cell<Kept>, activations: readonly string[]): GradientRule {
  return (build, node, gradients) => {
    checkPlain(build, node, activations)
    const count = node.string('direction', 'forward') === 'bidirectional' ? 2 : 1
    const directions = Array.from({length: count}, (_, index) => directionOf(build, node, index, gradients))
    const runs = cell.run(build, node, directions)
    const parts = directions.map((direction, index): Parts => {
      const run = runs[index] as Kept
      const previous = previousOf(build, run.states, direction.first, direction.isReverse)
      return backThrough(build, direction, previous, cell.gradient(build, direction, run, previous))
    })
    const stacked = (slot: 1 | 2 | 3 | 4) =>
      stack(
        build,
        parts.map((part) => part[slot]),
      )
    const cells = parts.map((part) => part[5]).filter((value) => value !== undefined)
    const dX = parts.map(([x]) => x)
    return [
      dX.length === 1 ? dX[0] : build.op('Sum', dX),
      stacked(1),
      stacked(2),
      node.inputs[3] && stacked(3),
      undefined,
      node.inputs[5] && stacked(4),
      node.inputs[6] && cells.length > 0 ? stack(build, cells) : undefined,
    ]
  }
}

/** The operator gave the states: what else is needed is computed again, for all steps at once. */
export function givenRuns(build: GradientBuilder, node: Node, directions: readonly Direction[]): Run[] {
  return directions.map((_, index) => ({states: half(build, build.outputOf(node, 0), index, 1)}))
}

/** One entry per direction on a new first axis. */
function stack(build: GradientBuilder, values: readonly Value[]): Value {
  const rows = values.map((value) => build.unsqueeze(value, [0]))
  return rows.length === 1 ? (rows[0] as Value) : build.op('Concat', rows, {axis: 0})
}

function backThrough(build: GradientBuilder, {x, w}: Direction, previous: Value, gradient: CellGradient): Parts {
  const {inputRows, stateRows, dFirst, dFirstCell} = gradient
  const dR = gradient.dR ?? rowProduct(build, stateRows, previous)
  const [ofW, ofR] = [inputRows, stateRows].map((rows) => build.sum(rows, [0, 1], 0)) as [Value, Value]
  const dB = build.op('Concat', [ofW, ofR], {axis: 0})
  return [build.op('MatMul', [inputRows, w]), rowProduct(build, inputRows, x), dR, dB, dFirst, dFirstCell]
}

/** Σ over steps and samples of the outer products: [T, N, A] and [T, N, B] to [A, B]. */
export function rowProduct(build: GradientBuilder, left: Value, right: Value): Value {
  return build.op('Gemm', [build.asMatrix(left), build.asMatrix(right)], {transA: 1})
}

/** v · (1 − v): the slope of a sigmoid. */
export function sigmoidSlope(build: GradientBuilder, v: Value): Value {
  return build.mul(v, build.sub(build.like(v, 1), v))
}

/** 1 − v²: the slope of a hyperbolic tangent. */
export function tanhSlope(build: GradientBuilder, v: Value): Value {
  return build.sub(build.like(v, 1), build.mul(v, v))
}
