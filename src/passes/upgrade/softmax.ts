import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {normalizeAxis} from '../../ops/axis.js'
import {shapeOf} from '../../ops/operand.js'
import {coerceInput} from './coerce-input.js'

/**
 * Softmax, LogSoftmax and Hardmax 13: up to 12 they coerced the input to a matrix, all axes from `axis` on being one row;
 * since 13 they work along one axis. The same thing where only one of those axes is longer than 1.
 */
export function softmaxAlongAxis(node: Node): boolean {
  const axis = node.int('axis', 1)
  const only = onlyAxis(node, axis, shapeOf(node.inputs[0]))
  if (only === undefined) coerceInput(node, axis)
  node.set('axis', only ?? -1)
  return true
}

/** The one axis that a coerced row runs along; undefined when there are several, or it cannot be told. */
function onlyAxis(node: Node, axis: number, shape: Shape | undefined): number | undefined {
  if (axis === -1) return axis
  if (!shape) return undefined
  const first = normalizeAxis(node, axis, shape.length)
  const long = shape.flatMap((size, index) => (index >= first && size !== 1 ? [index] : []))
  return long.length > 1 ? undefined : (long[0] ?? first)
}
