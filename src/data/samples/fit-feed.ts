import {DataError} from '../../errors.js'
import type {Dim} from '../../ir/dim.js'
import type {arrayTypeOf, TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {BatchInput, FeedValue, InputPort} from '../dataset.js'
import {castTo} from './cast.js'
import {describeShape} from './fit-shape.js'

/**
 * The shape a value takes in its input: fixed sizes as they are, named ones as in the other inputs, what is left as in the value.
 *
 * @param sizes of named dimensions.
 * @param rows of this run, for a free first dimension that nothing else decides.
 */
export function fedShape(
  feed: FeedValue,
  shape: readonly Dim[] | undefined,
  sizes: ReadonlyMap<string, number>,
  rows: number,
): readonly number[] {
  if (!shape) return feed.shape
  return shape.map((dim, axis) => {
    if (typeof dim === 'number') return dim
    const known = dim === undefined ? undefined : sizes.get(dim)
    const own = feed.shape[axis - shape.length + feed.shape.length]
    return known ?? (own !== undefined && own !== 1 ? own : axis === 0 ? rows : 1)
  })
}

/**
 * A value in its input's type, stretched to a shape by NumPy's rules of broadcasting.
 * @throws DataError when it does not fit, or the type cannot hold it.
 */
export function fedInput(
  {name, dtype, shape: declared}: InputPort,
  feed: FeedValue,
  shape: readonly number[],
): BatchInput {
  const lead = shape.length - feed.shape.length
  const fits = lead >= 0 && feed.shape.every((size, axis) => size === 1 || size === shape[axis + lead])
  if (!fits) {
    throw new DataError(
      `--feed ${name}: expected a value for ${describeShape(declared)} ${dtype}, here [${shape.join(', ')}], got [${feed.shape.join(', ')}] ${feed.dtype}`,
      {hint: 'A single number, zeros and ones fit everywhere; sizes of 1 are repeated'},
    )
  }
  const own = castTo(
    feed.dtype,
    dtype,
    name,
  )(feed.data.slice() as TypedArray, (element, expected, got) => {
    throw new DataError(`--feed ${name}, element ${element}: expected ${expected}, got ${got}`)
  })
  return {dtype, shape, data: stretched(own, feed.shape, shape)}
}

function stretched(data: TypedArray, from: readonly number[], to: readonly number[]): TypedArray {
  const count = elementCount(to)
  if (count === data.length) return data
  const out = new (data.constructor as ReturnType<typeof arrayTypeOf>)(count)
  const lead = to.length - from.length
  for (let element = 0; element < count; element++) {
    let [rest, source, stride] = [element, 0, 1]
    for (let axis = to.length - 1; axis >= lead; axis--) {
      const [size, own] = [to[axis] as number, from[axis - lead] as number]
      if (own !== 1) source += (rest % size) * stride
      stride *= own
      rest = Math.floor(rest / size)
    }
    out[element] = data[source] as never
  }
  return out
}
