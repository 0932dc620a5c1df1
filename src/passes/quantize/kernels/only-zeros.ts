import {elementCount, readNumbers} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'

/** Larger constants are no filling. */
const MOST_ELEMENTS = 1 << 22

/** Whether a value is zeros whatever is fed: a constant, or what ConstantOfShape makes of a shape. Any scale holds them exactly. */
export function isOnlyZeros({constant, producer}: Value): boolean {
  if (constant) {
    const isSmall = constant.dtype === 'float32' && elementCount(constant.shape) <= MOST_ELEMENTS
    return isSmall && readNumbers(constant).every((element) => Number(element) === 0)
  }
  if (producer?.opType !== 'ConstantOfShape' || producer.domain !== '') return false
  const filling = producer.attributes.get('value')
  if (filling === undefined) return true
  return filling.type === 'tensor' && filling.value.dtype === 'float32' && Number(readNumbers(filling.value)[0]) === 0
}
