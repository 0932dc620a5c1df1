import {ShapeError} from '../../errors.js'
import {conflict, type Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {knownProduct} from '../count.js'
import {type AxisTie, type Inferred, type OpSpec, refuse} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {axesOf, sizeOf, tieAxes, tieRuns} from '../ties.js'

/** The record of a recurrent layer with `gates` gates: X[T, N, I], W[D, gates·H, I], R[D, gates·H, H] to Y[T, D, N, H] and last states [D, N, H]. */
export function recurrent(type: string, gates: number, gradient: OpSpec['gradient']): OpSpec {
  return {
    type,
    sinceOpset: 1,
    infer: (node) => inferRecurrent(node, gates, operand(node, 1).shape),
    parameters: {weights: [1, 2], biases: [3]},
    gradient,
    quantize: refuse('a recurrent layer has no static integer kernel; LSTM runs as DynamicQuantizeLSTM'),
    prune: (node) => tieUnits(node, gates),
    macs: (node) => recurrentMacs(node, gates),
  }
}

/** @param weight [D, gates·H, I], or transposed in DynamicQuantizeLSTM, where only its D is used. @throws ShapeError for another rank of X or a weight of another width. */
export function inferRecurrent(node: Node, gates: number, weight: readonly Dim[] | undefined): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (shape && shape.length !== 3)
    throw new ShapeError(node, {expected: 'an input of rank 3', got: `rank ${shape.length}`})
  const hidden = node.int('hidden_size', undefined) ?? hiddenFrom(weight?.[1], gates)
  const directions = node.string('direction', 'forward') === 'bidirectional' ? 2 : 1
  if (conflict(weight?.[0], directions)) {
    throw new ShapeError(node, {expected: `weights for ${directions} directions`, got: `${weight?.[0]}`})
  }
  // since opset 14; ONNX Runtime refuses it on the CPU, but files have it
  const batchFirst = node.int('layout', 0) === 1
  const [steps, batch] = batchFirst ? [shape?.[1], shape?.[0]] : [shape?.[0], shape?.[1]]
  const all = batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden]
  const last = {dtype, shape: batchFirst ? [batch, directions, hidden] : [directions, batch, hidden]}
  return [{dtype, shape: all}, last, last]
}

/** Each step and sample takes gates·H·(I + H) products per direction. */
export function recurrentMacs(node: Node, gates: number): number | undefined {
  const shape = shapeOf(node.inputs[0])
  // a branch that never runs may hold one of another rank: it has no product to count
  if (shape?.length !== 3) return undefined
  const [result] = inferRecurrent(node, gates, undefined)
  const hidden = result && 'shape' in result ? result.shape?.at(-1) : undefined
  const size = typeof hidden === 'number' ? hidden : hiddenFrom(shapeOf(node.inputs[1])?.[1], gates)
  const samples = knownProduct(shape?.slice(0, 2))
  const width = shape?.[2]
  if (samples === undefined || typeof width !== 'number' || typeof size !== 'number') return undefined
  const directions = node.string('direction', 'forward') === 'bidirectional' ? 2 : 1
  return samples * directions * gates * size * (width + size)
}

function hiddenFrom(rows: Dim, gates: number): Dim {
  return typeof rows === 'number' ? rows / gates : undefined
}

/** A unit has a row per gate in W and R, a column in R, two offsets per gate and three peepholes; both directions lose the same ones. */
function tieUnits(node: Node, gates: number): AxisTie[] {
  const [x, w, r, b, , h, c, p] = node.inputs
  const kind = {kind: 'hidden unit'} as const
  const states = [h, c, ...node.outputs].map((value) => ({value, axis: axesOf(value).length - 1}))
  const units = tieRuns(
    sizeOf(r, 2),
    [
      {value: w, axis: 1, copies: gates},
      {value: r, axis: 1, copies: gates},
      {value: r, axis: 2},
      {value: b, axis: 1, copies: 2 * gates},
      ...states,
      {value: p, axis: 1, copies: 3},
    ],
    kind,
  )
  return [
    ...tieAxes([
      [x, 2],
      [w, 2],
    ]),
    ...units,
  ]
}
