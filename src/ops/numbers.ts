import type {Dim} from '../ir/dim.js'
import {readNumbers} from '../ir/tensor.js'
import type {Value} from '../ir/value.js'
import type {InferContext} from './op-spec.js'

/** A list of sizes, axes or indices from an input: all known, or undefined. */
export function knownNumbers(ctx: InferContext, value: Value | undefined): number[] | undefined {
  const contents = ctx.contentsOf(value)
  return contents && allNumbers(contents) ? [...contents] : undefined
}

/** The values of a constant of any numeric type; undefined when the input is missing or computed. */
export function constantNumbers(ctx: InferContext, value: Value | undefined): number[] | undefined {
  const constant = ctx.constantOf(value)
  return constant && constant.dtype !== 'string' ? readNumbers(constant) : undefined
}

function allNumbers(sizes: readonly Dim[]): sizes is readonly number[] {
  return sizes.every((size) => typeof size === 'number')
}

/** The values of a numeric constant, where only the value is at hand; undefined when it is missing or computed. */
export function constantNumbersOf(value: Value | undefined): number[] | undefined {
  const constant = value?.constant
  return constant && constant.dtype !== 'string' ? readNumbers(constant) : undefined
}
