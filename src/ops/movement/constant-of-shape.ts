import type {DType} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {readNumbers} from '../../ir/tensor.js'
import {knownProduct} from '../count.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, sizesOfRank} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {movement} from './move.js'

/** ConstantOfShape: a tensor of the given sizes filled with one value, float32 0 by default. ONNX ConstantOfShape-9. */
export const constantOfShape = movement({
  type: 'ConstantOfShape',
  sinceOpset: 9,
  infer: inferConstantOfShape,
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})

const MAX_FILLED = 1024
const COUNTING: ReadonlySet<DType> = new Set(['int64', 'int32', 'bool'])

function inferConstantOfShape(node: Node, ctx: InferContext): readonly Inferred[] {
  const [rank] = operand(node, 0).shape ?? []
  const shape = ctx.contentsOf(node.inputs[0]) ?? sizesOfRank(rank)
  const value = node.tensor('value')
  const count = knownProduct(shape)
  const integer = value && COUNTING.has(value.dtype) ? readNumbers(value)[0] : undefined
  const contents = count !== undefined && count <= MAX_FILLED ? Array.from({length: count}, () => integer) : undefined
  return [{dtype: value?.dtype ?? 'float32', shape, contents}]
}
