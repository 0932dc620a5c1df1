import {ShapeError} from '../../errors.js'
import {conflict, type Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {broadcast} from '../broadcast.js'
import {knownCount} from '../count.js'
import type {AxisTie, OpSpec} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {stretchedTo, tieAxes} from '../ties.js'
import {gemmGradient} from './matmul-gradient.js'

/** Gemm: Y[M, N] = alpha · A' · B' + beta · C, where A' and B' may be transposed and C is broadcast. ONNX Gemm-1 … 13. */
export const gemm: OpSpec = {
  type: 'Gemm',
  sinceOpset: 1,
  infer(node) {
    const [a, b, c] = [operand(node, 0), operand(node, 1), operand(node, 2)]
    return [{dtype: a.dtype ?? b.dtype ?? c.dtype, shape: gemmShape(node, a.shape, b.shape, c.shape)}]
  },
  parameters: {weights: [0, 1], biases: [2]},
  gradient: gemmGradient,
  quantize: {as: 'compute', weight: 1, bias: 2, channelAxis: (node) => (node.int('transB', 0) ? 0 : 1)},
  prune: tieGemm,
  macs: gemmMacs,
}

/** [M, N] of transposable matrices. @throws ShapeError when they do not fit, or the bias is larger than the product. */
export function gemmShape(node: Node, a: Shape | undefined, b: Shape | undefined, c?: Shape): Shape {
  const [[m, k], [kb, n]] = [sides(node, a, node.int('transA', 0)), sides(node, b, node.int('transB', 0))]
  if (conflict(k, kb)) throw new ShapeError(node, {expected: `B to have ${k} rows`, got: `${kb}`})
  // C stretches to the product, never the other way round
  const stretched = c && broadcast(node, [[m, n], c])
  if (stretched && (stretched.length > 2 || conflict(stretched[0], m) || conflict(stretched[1], n))) {
    throw new ShapeError(node, {expected: `C to stretch to [${m}, ${n}]`, got: `[${c.join(', ')}]`})
  }
  return [m, n]
}

export function gemmMacs(node: Node): number | undefined {
  const inner = shapeOf(node.inputs[0])?.[node.int('transA', 0) ? 0 : 1]
  const outputs = knownCount(node.outputs[0])
  return outputs === undefined || typeof inner !== 'number' ? undefined : outputs * inner
}

function sides(node: Node, shape: Shape | undefined, transposed: number): readonly [Dim, Dim] {
  if (!shape) return [undefined, undefined]
  if (shape.length !== 2) throw new ShapeError(node, {expected: 'a matrix', got: `rank ${shape.length}`})
  return transposed ? [shape[1], shape[0]] : [shape[0], shape[1]]
}

function tieGemm(node: Node): AxisTie[] {
  const [a, b, c] = node.inputs
  const [y] = node.outputs
  const [transA, transB] = [node.int('transA', 0), node.int('transB', 0)]
  const inner = tieAxes([
    [a, transA ? 0 : 1],
    [b, transB ? 1 : 0],
  ])
  const columns = tieAxes([[b, transB ? 0 : 1], ...stretchedTo(c, -1), [y, 1]])
  const rows = tieAxes([[a, transA ? 1 : 0], ...stretchedTo(c, -2), [y, 0]])
  return [...inner, ...columns, ...rows]
}
