import {z} from 'zod'
import {document, file, metricPair, writing} from './common.js'
import {outputKind} from './fidelity.js'

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

/** A plan that was tried, and what the worst output kept of the float model's answers on samples that it was not calibrated on. */
export const tried = z.object({
  what: z.string(),
  passed: z.boolean(),
  chosen: z.boolean(),
  output: z.string().nullable(),
  kind: outputKind.nullable(),
  measure: z.string().nullable(),
  value: z.number().nullable(),
  floor: z.number().nullable(),
  sqnrDb: z.number().nullable(),
})
export type Tried = z.infer<typeof tried>

/** A plan that the search for `--max-drop` evaluated. */
export const searched = z.object({
  what: z.string(),
  /** Layers that were moved to a safer form. */
  layers: z.number(),
  /** Of the metric, above 0 worse: points of a metric in 0..1, else relative. */
  drop: z.number(),
  /** Of the drop, over samples that both models answered. */
  standardError: z.number(),
  samples: z.number(),
  sizeBytes: z.number(),
  /** Median latency, and its ratio to the float model's, both timed in turns; null with --no-time. */
  ms: z.number().nullable(),
  ratio: z.number().nullable(),
  held: z.boolean(),
  chosen: z.boolean(),
})
export type Searched = z.infer<typeof searched>

/** What becomes of a node, why, and what else could. */
export const plannedNode = z.object({
  node: z.string(),
  op: z.string(),
  form: z.string(),
  because: z.string(),
  could: z.array(z.string()),
  /** One of the first layers, in float by choice: its result is quantized at once. */
  stem: z.boolean().optional(),
})
export type PlannedNode = z.infer<typeof plannedNode>

/** A plan as `--plan` gives it: nothing was written but, where a path says so, the plan itself. */
export const quantizePlanResult = z.object({
  ...document,
  input: file,
  /** Where the plan was written; null when it was only printed. */
  path: z.string().nullable(),
  mode: z.string(),
  cpu: z.string(),
  /** How activation ranges are taken; null where none are. */
  calibration: z.string().nullable(),
  /** How 4-bit weights are rounded; null where there are none. */
  rounding: z.string().nullable(),
  blockSize: z.number(),
  nodes: z.array(plannedNode),
  tried: z.array(tried),
  searched: z.array(searched),
})
export type QuantizePlanResult = z.infer<typeof quantizePlanResult>

/** What `--sensitivity` gives: what each layer does alone, the worst first. */
export const quantizeSensitivityResult = z.object({
  ...document,
  input: file,
  mode: z.string(),
  layers: z.array(
    z.object({
      node: z.string(),
      op: z.string(),
      form: z.string(),
      /** KL: divergence of the class scores in nats; loss: what the worst output loses as a share of what it may, and its noise; of more
       * than 64 layers estimates by gradients, of the divergence or of noise ÷ signal. */
      error: z.number(),
      measure: z.enum(['KL', 'loss', 'estimated KL', 'estimated noise']),
      output: z.string().nullable(),
      sqnrDb: z.number().nullable(),
      /** In float32. */
      weightBytes: z.number(),
    }),
  ),
})
export type QuantizeSensitivityResult = z.infer<typeof quantizeSensitivityResult>

export const quantizeResult = z.object({
  ...writing,
  mode: z.string(),
  cpu: z.string(),
  metric: metricPair,
  /** How activation ranges were taken; null where none were. */
  calibration: z.string().nullable(),
  /** How 4-bit weights were rounded; null where there are none. */
  rounding: z.string().nullable(),
  /** What was tried to keep the answers, in order; empty without data or with `--no-guard`. */
  tried: z.array(tried),
  /** What the search for `--max-drop` evaluated, in order; empty where the plan held it at once, or nothing was searched. */
  searched: z.array(searched),
  /** null without `--tune`. */
  tuned: z.array(tuned).nullable(),
})
export type QuantizeResult = z.infer<typeof quantizeResult>
