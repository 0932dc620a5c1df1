import {z} from 'zod'
import {metricPair, writing} from './common.js'

/** An alternative that `--tune` timed; `ratio` = its latency ÷ that of what was best before, null when it did not run. */
export const tuned = z.object({
  question: z.string(),
  alternative: z.string(),
  ratio: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  kept: z.boolean(),
})
export type Tuned = z.infer<typeof tuned>

export const quantizeResult = z.object({
  ...writing,
  mode: z.string(),
  cpu: z.string(),
  metric: metricPair,
  /** null without `--tune`. */
  tuned: z.array(tuned).nullable(),
})
export type QuantizeResult = z.infer<typeof quantizeResult>
