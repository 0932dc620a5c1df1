import {z} from 'zod'
import {document, file, metricPair, writing} from './common.js'
import {trainingFacts} from './training.js'

/** Where the units of a group stand on an axis: unit i, in each of `copies` copies, at `offset` + i · `each`. */
const place = z.object({
  value: z.string(),
  axis: z.number(),
  offset: z.number(),
  each: z.number(),
  copies: z.number(),
})

const groupFacts = {
  kind: z.enum(['channel', 'hidden unit', 'head', 'head-dim']),
  /** The node that makes the units. */
  node: z.string(),
  op: z.string(),
  /** Weights that lose something with each unit, and what the nodes that make the units give. */
  members: z.array(place),
}

/** What `--groups` gives: which channels, units and heads belong together all over a model. */
export const pruneGroupsResult = z.object({
  ...document,
  input: file,
  parameters: z.number(),
  macs: z.number().nullable(),
  groups: z.array(
    z.object({
      ...groupFacts,
      size: z.number(),
      /** Learned numbers, and multiply-accumulates of one run, that hang on the group: all of its units. */
      parameters: z.number(),
      macs: z.number().nullable(),
      /** Why it cannot be pruned; null when it can. */
      blocked: z.string().nullable(),
      /** Why results change even if what goes was zero; such groups go only with `--include`. */
      inexact: z.string().nullable(),
    }),
  ),
})
export type PruneGroupsResult = z.infer<typeof pruneGroupsResult>

export const pruneResult = z.object({
  ...writing,
  metric: metricPair,
  /** Share of zeros among the prunable weights after the run; with `--structure channel` or `head` the share of units that went. */
  sparsity: z.number(),
  /** The share that was wanted, and the one that the model came with. */
  asked: z.object({sparsity: z.number(), sparsityBefore: z.number()}),
  parameters: z.object({before: z.number(), after: z.number()}),
  macs: z.object({before: z.number().nullable(), after: z.number().nullable()}),
  /** gzip size of the files: what zeros are worth on disk and on the wire; null above 256 MB. */
  compressedBytes: z.object({before: z.number(), after: z.number()}).nullable(),
  groups: z.array(z.object({node: z.string(), weight: z.string(), parameters: z.number(), sparsity: z.number()})),
  /** What `--structure channel` or `head` removed: by group how many units there were, and which are left; null with `none`. */
  removed: z.array(z.object({...groupFacts, size: z.number(), kept: z.array(z.number())})).nullable(),
  /** How units were chosen and repaired; null with `none`. */
  criterion: z.enum(['magnitude', 'wanda']).nullable(),
  repair: z.enum(['none', 'least-squares']).nullable(),
  /** null without `--epochs`. */
  training: trainingFacts.nullable(),
})
export type PruneResult = z.infer<typeof pruneResult>
