import type {DataSpec, InputPort} from '../../data/dataset.js'
import {openData} from '../../data/open-data.js'

/** Samples that calibration reads when `--limit` does not say. */
export const CALIBRATION_SAMPLES = 300
/** One sample in five is held back where there are no others. */
const HELD_BACK_SHARE = 5
/** Fewer cannot tell what is kept: all are calibrated on, and judged on. */
const FEWEST_HELD_BACK = 8
/** Most samples a draft is judged on. */
export const MOST_JUDGED = 512

/** Samples that ranges are taken from, and others that drafts are judged on. */
export interface HeldBack {
  readonly learn: DataSpec
  /** Samples that drafts are judged on: those held back, where there are some, and then these and those of `learn` together. */
  readonly judge: readonly DataSpec[]
}

/**
 * Holds samples back from calibration: those behind the ones it reads, or a seeded fifth of them.
 *
 * @throws as openData.
 */
export async function holdBack(data: DataSpec, inputs: readonly InputPort[]): Promise<HeldBack> {
  const {sampleCount} = await openData(data, inputs)
  const offset = data.offset ?? 0
  const most = data.limit ?? CALIBRATION_SAMPLES
  const learn = {...data, limit: most}
  const beyond = data.limit === undefined ? sampleCount - most : 0
  if (beyond >= most / HELD_BACK_SHARE) {
    const held = Math.min(MOST_JUDGED, beyond)
    return {
      learn,
      judge: [
        {...data, offset: offset + most, limit: held},
        {...data, limit: most + held},
      ],
    }
  }
  const held = Math.floor(Math.min(sampleCount, most) / HELD_BACK_SHARE)
  if (held < FEWEST_HELD_BACK) return {learn, judge: [learn]}
  const rest = Math.min(sampleCount, most) - held
  const shuffled = {...data, shuffle: true}
  return {
    learn: {...shuffled, limit: rest},
    judge: [
      {...shuffled, offset: offset + rest, limit: held},
      {...shuffled, limit: rest + held},
    ],
  }
}
