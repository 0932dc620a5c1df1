import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {shapeOf} from '../operand.js'

/** dA = dY · Bᵀ and dB = Aᵀ · dY, each summed over the dimensions it was broadcast along. */
export const matMulGradient: GradientRule = (build, node, [d]) => {
  const [a, b] = node.inputs as [Value, Value]
  const [rankA, rankB] = [rankOf(build, node, a), rankOf(build, node, b)]
  if (!d) return []
  if (rankB === 2 && rankA >= 2) return byMatrix(build, [a, b], d)
  // a vector counts as a row on the left and a column on the right
  const left = rankA === 1 ? build.unsqueeze(a, [0]) : a
  const right = rankB === 1 ? build.unsqueeze(b, [1]) : b
  const rows = rankA === 1 ? build.unsqueeze(d, [rankB === 1 ? 0 : -2]) : d
  const product = rankB === 1 ? build.unsqueeze(rows, [-1]) : rows
  const dLeft = build.sumTo(multiply(build, product, build.transposeLast(right)), left)
  const dRight = build.sumTo(multiply(build, build.transposeLast(left), product), right)
  return [rankA === 1 ? build.reshapeAs(dLeft, a) : dLeft, rankB === 1 ? build.reshapeAs(dRight, b) : dRight]
}

/** Columns that ONNX Runtime multiplies at once. */
const MANY_COLUMNS = 32

/** Few columns, such as those of a head of attention, are computed as rows: a quarter faster, the transposition included (measured). */
function multiply(build: GradientBuilder, left: Value, right: Value): Value {
  const [rows, columns] = [shapeOf(left)?.at(-2), shapeOf(right)?.at(-1)]
  const isNarrow = typeof rows === 'number' && typeof columns === 'number' && columns < MANY_COLUMNS && rows > columns
  if (!isNarrow) return build.op('MatMul', [left, right])
  const turned = build.op('MatMul', [build.transposeLast(right), build.transposeLast(left)])
  return build.transposeLast(turned)
}

/** A weight matrix behind any number of rows: two products of matrices, nothing to sum. */
function byMatrix(build: GradientBuilder, [a, b]: readonly [Value, Value], d: Value): readonly [Value, Value] {
  const isMatrix = shapeOf(a)?.length === 2
  const rows = isMatrix ? a : build.asMatrix(a)
  const product = isMatrix ? d : build.asMatrix(d)
  const dA = build.op('Gemm', [product, b], {transB: 1})
  const dB = build.op('Gemm', [rows, product], {transA: 1})
  return [isMatrix ? dA : build.reshapeAs(dA, a), dB]
}

function rankOf(build: GradientBuilder, node: Node, value: Value): number {
  return shapeOf(value)?.length ?? build.refuse(node, `the rank of '${value.name}' is not known`)
}

/** Y = alpha · A' · B' + beta · C: the products again, with what was transposed taken into account. */
export const gemmGradient: GradientRule = (build, node, [d]) => {
  const [a, b, c] = node.inputs as [Value, Value, Value | undefined]
  if (!d) return []
  const [transA, transB] = [node.int('transA', 0), node.int('transB', 0)]
  const alpha = {type: 'float', value: node.float('alpha', 1)} as const
  const product = (left: Value, right: Value, tLeft: number, tRight: number) =>
    build.op('Gemm', [left, right], {alpha, transA: tLeft, transB: tRight})
  return [
    transA ? product(b, d, transB, 1) : product(d, b, 0, 1 - transB),
    transB ? product(d, a, 1, transA) : product(a, d, 1 - transA, 0),
    c && build.sumTo(build.scale(d, node.float('beta', 1)), c),
  ]
}
