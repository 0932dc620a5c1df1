import {z} from 'zod'
import {metricPair, writing} from './common.js'
import {trainingFacts} from './training.js'

export const pruneResult = z.object({
  ...writing,
  metric: metricPair,
  /** Share of zeros among the prunable weights after the run. */
  sparsity: z.number(),
  /** The share that was wanted, and the one that the model came with. */
  asked: z.object({sparsity: z.number(), sparsityBefore: z.number()}),
  parameters: z.object({before: z.number(), after: z.number()}),
  macs: z.object({before: z.number().nullable(), after: z.number().nullable()}),
  /** gzip size of the files: what zeros are worth on disk and on the wire; null above 256 MB. */
  compressedBytes: z.object({before: z.number(), after: z.number()}).nullable(),
  groups: z.array(z.object({node: z.string(), weight: z.string(), parameters: z.number(), sparsity: z.number()})),
  /** null without `--epochs`. */
  training: trainingFacts.nullable(),
})
export type PruneResult = z.infer<typeof pruneResult>
