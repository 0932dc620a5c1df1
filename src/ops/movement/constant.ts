import type {Node} from '../../ir/node.js'
import {readNumbers, type Tensor} from '../../ir/tensor.js'
import type {Inferred} from '../op-spec.js'
import {NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {movement} from './move.js'

/** Constant: a value held by the node. Readers turn it into a constant; this is for nodes made in memory. ONNX Constant-1, 12, 13. */
export const constant = movement({
  type: 'Constant',
  sinceOpset: 1,
  infer: inferConstant,
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
})

function inferConstant(node: Node): readonly Inferred[] {
  const value = node.tensor('value')
  if (value) return [{dtype: value.dtype, shape: value.shape, contents: integersOf(value)}]
  const attribute = [...node.attributes.values()][0]
  if (attribute?.type === 'int') return [{dtype: 'int64', shape: [], contents: [Number(attribute.value)]}]
  if (attribute?.type === 'ints') {
    return [{dtype: 'int64', shape: [attribute.value.length], contents: attribute.value.map(Number)}]
  }
  if (attribute?.type === 'float') return [{dtype: 'float32', shape: []}]
  if (attribute?.type === 'floats') return [{dtype: 'float32', shape: [attribute.value.length]}]
  if (attribute?.type === 'string') return [{dtype: 'string', shape: []}]
  if (attribute?.type === 'strings') return [{dtype: 'string', shape: [attribute.value.length]}]
  return [{type: undefined}]
}

function integersOf(tensor: Tensor): number[] | undefined {
  return tensor.dtype === 'int64' && tensor.shape.length <= 1 ? readNumbers(tensor) : undefined
}
