import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Dim} from '../../ir/dim.js'
import type {Value} from '../../ir/value.js'
import type {Inferred} from '../op-spec.js'
import {dtypeOf, shapeOf} from '../operand.js'

/** The results of all rounds along a new axis. */
export function stacked(value: Value, axis: number, length: Dim): Inferred {
  const [dtype, shape] = [dtypeOf(value), shapeOf(value)]
  if (!shape) return {dtype, shape: undefined}
  const place = axisFromStart(axis, shape.length + 1)
  return {dtype, shape: [...shape.slice(0, place), length, ...shape.slice(place)]}
}
