import {z} from 'zod'
import {fidelity} from './fidelity.js'

/** Parts that several documents of `--json` have. */

export const warning = z.object({code: z.string(), message: z.string(), hint: z.string().optional()})
export type Warning = z.infer<typeof warning>

/** What every document has. */
export const document = {schemaVersion: z.literal(1), command: z.string(), warnings: z.array(warning)}

/** A model on disk, its external data counted. */
export const file = z.object({path: z.string(), sizeBytes: z.number()})

export const change = z.object({
  rule: z.string(),
  node: z.string().optional(),
  op: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  /** What the node was quantized to, where it was. */
  form: z.enum(['static', 'dynamic', 'weights', 'float16']).optional(),
  count: z.number(),
})
export const skip = z.object({node: z.string(), op: z.string(), reason: z.string()})

/** `undecided`: the interval is so wide that a difference people feel may hide in it. */
export const verdict = z.enum(['faster', 'slower', 'no difference', 'undecided'])
export type Verdict = z.infer<typeof verdict>

/** Latency of the written model beside the input model's; `ratio` = after ÷ before, below 1 is faster, with its 95 % interval. */
export const timing = z.object({
  before: z.number(),
  after: z.number(),
  ratio: z.number(),
  low: z.number(),
  high: z.number(),
  verdict,
})
export type Timing = z.infer<typeof timing>

export const budgetCheck = z.object({
  name: z.enum(['max-drop', 'max-size', 'min-speedup', 'max-latency', 'min-agreement', 'min-sqnr']),
  limit: z.string(),
  actual: z.string(),
  passed: z.boolean(),
  model: z.string(),
  provider: z.string(),
  batch: z.number(),
  threads: z.number(),
})
export type BudgetCheck = z.infer<typeof budgetCheck>

export const budgetResult = z.object({passed: z.boolean(), checks: z.array(budgetCheck)})
export type BudgetResult = z.infer<typeof budgetResult>

/** What verbs that write a model have in common. */
export const writing = {
  ...document,
  input: file,
  output: file,
  changed: z.array(change),
  skipped: z.array(skip),
  fidelity: fidelity.nullable(),
  timing: timing.nullable(),
  budget: budgetResult.nullable(),
  seconds: z.number(),
  peakRssBytes: z.number(),
}

/** Values of the metric on `--eval` (or `--data`), input model beside output model; null when nothing was evaluated. */
export const metricPair = z
  .object({
    name: z.string(),
    before: z.number(),
    /** null when the outputs could not be judged: `fidelity.outputs` says why. */
    after: z.number().nullable(),
    samples: z.number(),
  })
  .nullable()
export type MetricPair = z.infer<typeof metricPair>

/** What is printed in the place of a document when a verb fails. */
export const failure = z.object({
  schemaVersion: z.literal(1),
  command: z.string(),
  error: z.object({code: z.string(), message: z.string(), hint: z.string().optional()}),
})
export type Failure = z.infer<typeof failure>
