import {GraphBuilder} from '../../ir/build.js'
import {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import {shapeOf} from '../operand.js'

/** One direction of a recurrent layer, as its gradient sees it: T steps, N samples, H units, G gates. */
export interface Direction {
  readonly node: Node
  /** [T, N, I] */
  readonly x: Value
  /** [G·H, I] and [G·H, H] */
  readonly w: Value
  readonly r: Value
  /** Biases of W and of R, [G·H]; both absent without a bias. */
  readonly biases: readonly Value[]
  readonly hidden: number
  readonly isReverse: boolean
  /** State, and the LSTM's cell, before the first step, [N, H]. */
  readonly first: Value
  readonly firstCell: Value
  /** Gradients of the states [T, N, H], and of the last state and cell, [N, H]. */
  readonly dStates: Value
  readonly dLast: Value
  readonly dLastCell: Value
}

/** What a cell gives back. `inputRows` are the gradients of X·Wᵀ, `stateRows` those of H·Rᵀ, [T, N, G·H] both. */
export interface CellGradient {
  readonly inputRows: Value
  readonly stateRows: Value
  /** [G·H, H]; from `stateRows` and the previous states when absent. */
  readonly dR?: Value
  readonly dFirst: Value
  readonly dFirstCell?: Value
}

/** @throws UnsupportedOpError for what only few files have: lengths, peepholes, clipping, other activations. */
export function checkPlain(build: GradientBuilder, node: Node, activations: readonly string[]): void {
  const stated = node.strings('activations', undefined)
  const isOther = stated?.some((name, index) => name !== activations[index % activations.length])
  if (isOther) build.refuse(node, `its activations are not ${activations.join(', ')}`)
  if (node.inputs[4]) build.refuse(node, 'its sequences have lengths of their own')
  if (node.inputs[7]) build.refuse(node, 'it has peepholes')
  if (node.attributes.has('clip')) build.refuse(node, 'it clips its gates')
  if (node.int('input_forget', 0) !== 0) build.refuse(node, 'its input and forget gates are coupled')
  if (node.int('layout', 0) !== 0) build.refuse(node, 'ONNX Runtime runs it only with the steps first')
}

/**
 * What the forward run starts from stands in front of the layer, so that it can be written anew from it.
 *
 * @param index 0, or 1 for the second half of a bidirectional layer.
 */
export function directionOf(
  build: GradientBuilder,
  node: Node,
  index: number,
  gradients: readonly (Value | undefined)[],
): Direction {
  const [x, w, r, b, , h0, c0] = node.inputs as [Value, Value, Value, ...(Value | undefined)[]]
  const front = build.before(node)
  const hidden = shapeOf(r)?.[2]
  if (typeof hidden !== 'number') return build.refuse(node, 'the size of its state is not known')
  const sizes = front.op('Concat', [front.sizesOf(x, [1]), front.ints([hidden])], {axis: 0})
  const orZeros = (write: GradientBuilder, value: Value | undefined) =>
    value ? half(write, value, index, 0) : front.filled(sizes, x, 0)
  const [dY, dLast, dLastCell] = gradients
  return {
    node,
    x,
    w: half(front, w, index, 0),
    r: half(front, r, index, 0),
    biases: b ? gates(front, half(front, b, index, 0), 2, Number(shapeOf(r)?.[1]), 0) : [],
    hidden,
    isReverse: index === 1 || node.string('direction', 'forward') === 'reverse',
    first: orZeros(front, h0),
    firstCell: orZeros(front, c0),
    dStates: dY ? half(build, dY, index, 1) : build.zerosLike(half(build, build.outputOf(node, 0), index, 1)),
    dLast: orZeros(build, dLast),
    dLastCell: orZeros(build, dLastCell),
  }
}

/** One direction's part of a tensor of both. */
export function half(build: GradientBuilder, value: Value, index: number, axis: number): Value {
  return build.op('Gather', [value, build.scalar(index, 'int64')], {axis})
}

function isValue(value: Value | undefined): value is Value {
  return value !== undefined
}

/** What every step starts from: the first state, then all states but the last. */
export function previousOf(build: GradientBuilder, states: Value, first: Value, isReverse: boolean): Value {
  const start = build.unsqueeze(first, [0])
  const [from, to] = isReverse ? [1, Number.MAX_SAFE_INTEGER] : [0, -1]
  const rest = build.op('Slice', [states, build.ints([from]), build.ints([to]), build.ints([0])])
  return build.op('Concat', isReverse ? [rest, start] : [start, rest], {axis: 0})
}

/** [T, N, I] · Wᵀ plus biases, for all steps at once. */
export function project(build: GradientBuilder, rows: Value, weight: Value, biases: readonly Value[]): Value {
  const bias = biases.length > 1 ? build.op('Sum', biases) : biases[0]
  const product = build.op('Gemm', [build.asMatrix(rows), weight, ...(bias ? [bias] : [])], {transB: 1})
  const sizes = build.op('Concat', [build.sizesOf(rows, [0, 1]), build.ints([-1])], {axis: 0})
  return build.op('Reshape', [product, sizes])
}

/** The rows of one gate of [G·H, …], or its part of [T, N, G·H]. */
export function gates(build: GradientBuilder, value: Value, count: number, hidden: number, axis: number): Value[] {
  const sizes = build.ints(Array.from({length: count}, () => hidden))
  return build.node('Split', [value, sizes], {axis}, {outputs: count}).outputs.filter(isValue)
}

interface Steps {
  /** Whether the steps run from the last to the first. */
  readonly isBackward: boolean
  readonly states: readonly Value[]
  readonly scanned: readonly Value[]
  /** Writes one step; gives the next states, then what is collected. */
  step(body: GraphBuilder, states: Value[], scanned: Value[]): readonly Value[]
}

/** A Scan over the first axis. @returns the last states, then what was collected, [T, …]. */
export function scan(build: GradientBuilder, {isBackward, states, scanned, step}: Steps): Value[] {
  const graph = new Graph('step', build.graph)
  const body = new GraphBuilder(graph)
  const input = (name: string) => graph.addInput(graph.names.fresh(name))
  const results = step(
    body,
    states.map(() => input('state')),
    scanned.map(() => input('row')),
  )
  // an output of a body must be a value of its own
  for (const [index, result] of results.entries())
    body.output(results.indexOf(result) < index ? body.op('Identity', [result]) : result)
  const direction = isBackward ? 1 : 0
  const attributes = {
    body: graph,
    num_scan_inputs: scanned.length,
    scan_input_directions: scanned.map(() => direction),
    scan_output_directions: results.slice(states.length).map(() => direction),
  }
  return build.node('Scan', [...states, ...scanned], attributes, {outputs: results.length}).outputs.filter(isValue)
}
