import {type Dim, sameDim} from '../../../ir/dim.js'
import type {Shape} from '../../../ir/types.js'

/**
 * The constant second input of a Reshape from one shape to another: numbers where sizes are known, 0 where the input's size at the
 * same place is kept, and one -1 for what remains.
 *
 * @param input undefined when not even its rank is known: no size can be kept then.
 * @returns undefined when two or more sizes would have to be -1, or a size is a plain 0, which means something else there.
 */
export function reshapeTarget(input: Shape | undefined, output: Shape): number[] | undefined {
  const target = output.map((size, axis) => entry(size, input?.[axis]))
  const free = target.filter((size) => size === -1).length
  return free > 1 || output.includes(0) ? undefined : target
}

function entry(size: Dim, kept: Dim): number {
  if (typeof size === 'number') return size
  return sameDim(size, kept) ? 0 : -1
}
