import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {mersenne} from 'pure-rand/generator/mersenne'
import {DataError} from '../../errors.js'

/** Which samples of the file are used, and in which order. */
export interface SampleOrder {
  readonly count: number
  /** Set when the samples follow each other in the file: the first one's index. */
  readonly start: number | undefined
  /** Index in the file of the sample at a position of the order. */
  at(position: number): number
  /** Position, before a round shuffled them, of the sample at a position. */
  keptAt(position: number): number
}

interface OrderOptions {
  readonly seed: number
  readonly shuffle?: boolean
  readonly offset?: number
  readonly limit?: number
}

/** Shuffles again what is kept, and leaves out the first `skip`. Memory: 4 bytes a sample. */
export function roundOf(kept: SampleOrder, {seed, skip}: {seed: number; skip: number}): SampleOrder {
  const order = shuffledIndices(kept.count, seed).subarray(skip)
  const keptAt = (position: number): number => order[position] as number
  return {count: order.length, start: undefined, at: (position) => kept.at(keptAt(position)), keptAt}
}

/**
 * Shuffles, then skips `offset`, then keeps `limit`. The same seed gives the same order everywhere.
 * @throws DataError when nothing is left.
 */
export function sampleOrder(total: number, options: OrderOptions, where: string): SampleOrder {
  const {offset = 0, limit = Number.POSITIVE_INFINITY} = options
  const count = Math.min(total - offset, limit)
  if (count <= 0) {
    throw new DataError(
      `${where}: expected at least one sample, got none of ${total} (offset ${offset}, limit ${limit})`,
      {
        hint: 'Choose a smaller offset or a larger limit',
      },
    )
  }
  const keptAt = (position: number): number => position
  if (!options.shuffle) return {count, start: offset, at: (position) => offset + position, keptAt}
  if (total > MAX_SHUFFLED) {
    throw new DataError(`${where}: expected at most ${MAX_SHUFFLED} samples to shuffle, got ${total}`, {
      hint: 'Read them in file order, with --offset and --limit',
    })
  }
  const order = shuffledIndices(total, options.seed).subarray(offset, offset + count)
  return {count, start: undefined, at: (position) => order[position] as number, keptAt}
}

/** The order takes 4 bytes a sample: 1 GiB, more than any real set needs; a lying header must not ask for more. */
const MAX_SHUFFLED = 2 ** 28

/** Fisher-Yates. Mersenne Twister, because it mixes its seed: xoroshiro's first numbers for seeds 0, 1, 2 are alike. */
function shuffledIndices(total: number, seed: number): Uint32Array {
  const indices = Uint32Array.from({length: total}, (_, index) => index)
  const random = mersenne(seed)
  for (let last = total - 1; last > 0; last--) {
    const chosen = uniformInt(random, 0, last)
    const kept = indices[last] as number
    indices[last] = indices[chosen] as number
    indices[chosen] = kept
  }
  return indices
}
