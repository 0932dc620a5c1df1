import type {DataSpec, InputPort} from '../../data/dataset.js'
import {openData} from '../../data/open-data.js'

/** Samples that scores and repairs are made of when `--limit` does not say; more gain next to nothing. */
const LEARNED = 512
/** Samples that widths are compared on, no others than those: what a fit has seen misleads. */
const HELD = 200
const HELD_SHARE = 4

/** Samples to learn from, and others to compare on. */
export interface RemovalSamples {
  readonly learn: DataSpec
  readonly learned: number
  /** undefined where there are too few. */
  readonly held: DataSpec | undefined
}

/** Takes samples in a seeded order, so that data sorted by class gives some of each. @throws as openData. */
export async function removalSamples(data: DataSpec, inputs: readonly InputPort[]): Promise<RemovalSamples> {
  const shuffled = {...data, shuffle: true}
  const {sampleCount} = await openData(shuffled, inputs)
  const held = Math.min(HELD, Math.floor(sampleCount / HELD_SHARE))
  const learned = Math.max(1, Math.min(data.limit ?? LEARNED, sampleCount - held))
  const offset = data.offset ?? 0
  return {
    learn: {...shuffled, limit: learned},
    learned,
    held: held >= 8 ? {...shuffled, offset: offset + learned, limit: held} : undefined,
  }
}
