import {elementCount, readFloat32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'

/** Where channels lie in a tensor: how many there are, and on which axis, counted from the end (the last is 1). */
export interface ChannelPlace {
  readonly channels: number
  readonly axisFromEnd: number
  /** Number of axes of the tensor; undefined when it is not known. */
  readonly rank: number | undefined
}

/**
 * A constant that broadcasts along the channels only, as one number per channel in double precision.
 *
 * @returns `[channels]`, or why the constant is none.
 */
export function channelNumbers(value: Value | undefined, place: ChannelPlace): Float64Array | string {
  const tensor = value?.constant
  if (tensor?.dtype !== 'float32') return 'its operand is not a float32 constant'
  const {shape} = tensor
  const most = place.rank ?? place.axisFromEnd
  if (shape.length > most) return 'its operand has more axes than the data'
  const isAlong = shape.every((size, axis) => {
    const fromEnd = shape.length - axis
    return size === 1 || (fromEnd === place.axisFromEnd && size === place.channels)
  })
  if (!isAlong) return `its operand [${shape.join(', ')}] does not run along the ${place.channels} channels`
  const data = readFloat32(tensor)
  return Float64Array.from({length: place.channels}, (_, c) => data[elementCount(shape) === 1 ? 0 : c] as number)
}
