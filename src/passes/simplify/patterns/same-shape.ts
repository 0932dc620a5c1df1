import {sameDim} from '../../../ir/dim.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'

/** Provably the same shape: known ranks, every size equal. */
export function haveSameShape(a: Value | undefined, b: Value | undefined): boolean {
  return differingAxes(a, b)?.length === 0
}

/**
 * Provably the same shape, for two values that hold the same number of elements: one size may be unknown, it follows from the others.
 */
export function haveSameShapeAndCount(a: Value | undefined, b: Value | undefined): boolean {
  const axes = differingAxes(a, b)
  if (!axes || axes.length > 1) return false
  const [axis] = axes
  if (axis === undefined) return true
  const [left, right] = [shapeOf(a)?.[axis], shapeOf(b)?.[axis]]
  const othersArePositive = (shapeOf(a) ?? []).every((size, index) => index === axis || isPositive(size))
  return (left === undefined || right === undefined) && othersArePositive
}

/** Beside a size of 0 the count says nothing. */
function isPositive(size: number | string | undefined): boolean {
  return typeof size === 'number' && size > 0
}

function differingAxes(a: Value | undefined, b: Value | undefined): number[] | undefined {
  const [left, right] = [shapeOf(a), shapeOf(b)]
  if (!left || !right || left.length !== right.length) return undefined
  return [...left.keys()].filter((axis) => !sameDim(left[axis], right[axis]))
}
