import {DataError} from '../../errors.js'
import type {InputFeed} from './input-feed.js'

/**
 * Checks that the arrays agree with each other: as many samples in each, and one size for a dimension that inputs share by name.
 * @returns the number of samples, and the batch if the model fixes it.
 * @throws DataError
 */
export function checkFeeds(feeds: readonly InputFeed[], path: string): {total: number; fixedBatch: number | undefined} {
  const [first] = feeds
  if (!first) throw new DataError(`${path}: the model has no inputs that data could feed`)
  const total = first.array.shape[0] as number
  for (const {array} of feeds) {
    const count = array.shape[0] as number
    if (count !== total) {
      throw new DataError(
        `array '${array.name}': expected ${total} samples as in '${first.array.name}', got ${count}`,
        {hint: 'Save the same number of samples in every array'},
      )
    }
  }
  checkNamedSizes(feeds)
  return {total, fixedBatch: fixedBatchOf(feeds)}
}

function checkNamedSizes(feeds: readonly InputFeed[]): void {
  const sizes = new Map<string, {size: number; input: string}>()
  for (const {input, rowShape, array} of feeds) {
    rowShape.forEach((size, index) => {
      const dim = input.shape?.[index + 1]
      if (typeof dim !== 'string') return
      const known = sizes.get(dim)
      if (known && known.size !== size) {
        throw new DataError(
          `array '${array.name}' for input '${input.name}': expected ${dim} = ${known.size} as in '${known.input}', got ${size}`,
        )
      }
      sizes.set(dim, {size, input: input.name})
    })
  }
}

function fixedBatchOf(feeds: readonly InputFeed[]): number | undefined {
  const fixed = feeds.filter(({input}) => typeof input.shape?.[0] === 'number')
  const [first, ...others] = fixed
  const batch = first?.input.shape?.[0] as number | undefined
  const different = others.find(({input}) => input.shape?.[0] !== batch)
  if (first && different) {
    throw new DataError(
      `inputs '${first.input.name}' and '${different.input.name}': expected one batch size, got ${batch} and ${different.input.shape?.[0]}`,
    )
  }
  return batch
}
