import {ShapeError} from '../../errors.js'
import {conflict} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {broadcast} from '../broadcast.js'
import {knownCount} from '../count.js'
import type {AxisTie, OpSpec} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {axesOf, stretchedTo, tieAxes} from '../ties.js'
import {matMulGradient} from './matmul-gradient.js'

/** MatMul: Y[..., M, N] = A[..., M, K] · B[..., K, N], leading dimensions broadcast; vectors as numpy.matmul takes them. ONNX MatMul-1. */
export const matMul: OpSpec = {
  type: 'MatMul',
  sinceOpset: 1,
  infer(node) {
    const [a, b] = [operand(node, 0), operand(node, 1)]
    return [{dtype: a.dtype ?? b.dtype, shape: matMulShape(node, a.shape, b.shape)}]
  },
  parameters: {weights: [0, 1], biases: []},
  gradient: matMulGradient,
  quantize: {as: 'compute', weight: 1, channelAxis: (node) => (shapeOf(node.inputs[1])?.length ?? 2) - 1},
  prune: tieMatMul,
  macs: matMulMacs,
}

/**
 * The shape of numpy's matmul; undefined with an unknown rank.
 *
 * @throws ShapeError when the inner sizes differ or an input is a scalar.
 */
export function matMulShape(node: Node, a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (!a || !b) return undefined
  if (a.length === 0 || b.length === 0)
    throw new ShapeError(node, {expected: 'two matrices or vectors', got: 'a scalar'})
  const [k, kb] = [a.at(-1), b.length === 1 ? b[0] : b.at(-2)]
  if (conflict(k, kb)) throw new ShapeError(node, {expected: `B to have ${k} rows`, got: `${kb}`})
  // a vector counts as a row on the left and a column on the right, and leaves no axis behind
  const batch = broadcast(node, [a.slice(0, -2), b.slice(0, -2)]) ?? []
  return [...batch, ...a.slice(-2, -1), ...(b.length === 1 ? [] : b.slice(-1))]
}

/** Every output element takes K products; K is the last size of input 0. */
export function matMulMacs(node: Node): number | undefined {
  const [outputs, inner] = [knownCount(node.outputs[0]), shapeOf(node.inputs[0])?.at(-1)]
  return outputs === undefined || typeof inner !== 'number' ? undefined : outputs * inner
}

/**
 * Rows, columns and the inner axis; leading axes are broadcast. Where both sides are computed this is attention: leading axes are heads, the inner axis and the
 * columns dimensions of each head.
 */
function tieMatMul(node: Node): AxisTie[] {
  return tieProduct(node, [false, false])
}

/** As MatMul, either side transposed in its last two axes. */
export function tieProduct(node: Node, [transA, transB]: readonly [boolean, boolean]): AxisTie[] {
  const [a, b] = node.inputs
  const [y] = node.outputs
  const [rankA, rankB, rankY] = [a, b, y].map((value) => shapeOf(value)?.length ?? 0) as [number, number, number]
  if (rankA < 2 || rankB < 2 || rankY < 2) return []
  const isComputed = !a?.constant && !b?.constant
  const dims = isComputed ? ({kind: 'head-dim'} as const) : {}
  const heads = isComputed ? ({kind: 'head'} as const) : {}
  const inner = tieAxes(
    [
      [a, rankA - (transA ? 2 : 1)],
      [b, rankB - (transB ? 1 : 2)],
    ],
    dims,
  )
  const columns = tieAxes(
    [
      [b, rankB - (transB ? 2 : 1)],
      [y, rankY - 1],
    ],
    dims,
  )
  const rows = tieAxes([
    [a, rankA - (transA ? 1 : 2)],
    [y, rankY - 2],
  ])
  const leading = axesOf(y)
    .slice(0, -2)
    .flatMap((axis) => tieAxes([...stretchedTo(a, axis - rankY), ...stretchedTo(b, axis - rankY), [y, axis]], heads))
  return [...inner, ...columns, ...rows, ...leading]
}
