import {conflict, type Dim, sameDim, subDims} from '../../ir/dim.js'
import type {OpSpec} from '../op-spec.js'
import {NO_GRADIENT, NO_INTEGER_KERNEL} from '../slots.js'
import {binary, legacyBinary} from './binary.js'

/** Comparisons of two tensors, broadcast, into bool. ONNX Equal-7, Greater-7, Less-7, GreaterOrEqual-12, LessOrEqual-12. */
const slots = {gradient: NO_GRADIENT, quantize: NO_INTEGER_KERNEL}

export const equal = binary({type: 'Equal', result: 'bool', fold: equalSizes, slots})
export const greater = binary({type: 'Greater', result: 'bool', fold: (a, b) => exceeds(a, b, 0), slots})
export const less = binary({type: 'Less', result: 'bool', fold: (a, b) => exceeds(b, a, 0), slots})
export const earlyComparisons: readonly OpSpec[] = [equal, greater, less].map(legacyBinary)
export const greaterOrEqual = binary({
  type: 'GreaterOrEqual',
  sinceOpset: 12,
  result: 'bool',
  fold: (a, b) => exceeds(a, b, -1),
  slots,
})
export const lessOrEqual = binary({
  type: 'LessOrEqual',
  sinceOpset: 12,
  result: 'bool',
  fold: (a, b) => exceeds(b, a, -1),
  slots,
})

/** Exporters compare shapes with -1 before Expand: a size that is a name is never negative. */
function equalSizes(a: Dim, b: Dim): Dim {
  if (sameDim(a, b)) return 1
  return conflict(a, b) || (isNegative(a) && isPlain(b)) || (isNegative(b) && isPlain(a)) ? 0 : undefined
}

function isNegative(size: Dim): boolean {
  return typeof size === 'number' && size < 0
}

function isPlain(size: Dim): boolean {
  return typeof size === 'string' && !size.includes('-')
}

/** Whether a - b is larger than `by`, where names cancel. */
function exceeds(a: Dim, b: Dim, by: number): Dim {
  const gap = subDims(a, b)
  return typeof gap === 'number' ? Number(gap > by) : undefined
}
