import {z} from 'zod'
import {budgetResult, document, verdict} from './common.js'
import {fidelity} from './fidelity.js'

export const machine = z.object({
  cpu: z.string(),
  cores: z.number(),
  features: z.array(z.string()),
  os: z.string(),
  node: z.string(),
  onnxruntime: z.string(),
})
export type Machine = z.infer<typeof machine>

export const latencyMs = z.object({
  mean: z.number(),
  std: z.number(),
  min: z.number(),
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
  samples: z.number(),
  processes: z.number(),
})
export type LatencyMs = z.infer<typeof latencyMs>

/** This row against the baseline at the same provider, batch and threads. */
export const relative = z.object({
  latency: z.object({ratio: z.number(), low: z.number(), high: z.number(), speedup: z.number(), verdict}).nullable(),
  /** size ÷ baseline's size */
  size: z.number(),
  /** metric − baseline's, for the first metric */
  metric: z.number().nullable(),
})
export type Relative = z.infer<typeof relative>

export const benchRow = z.object({
  model: z.string(),
  provider: z.string(),
  batch: z.number(),
  threads: z.number(),
  status: z.enum(['ok', 'failed']),
  error: z.string().optional(),
  sizeBytes: z.number(),
  compressedBytes: z.number().nullable(),
  parameters: z.number().nullable(),
  sparsity: z.number().nullable(),
  loadMs: z.number().nullable(),
  latencyMs: latencyMs.nullable(),
  /** 95 % intervals of the percentiles, over processes; an end that is not known is null. */
  latencyIntervals: z.record(z.string(), z.tuple([z.number().nullable(), z.number().nullable()])),
  /** samples per second */
  throughput: z.number().nullable(),
  peakRssBytes: z.number().nullable(),
  nodesByProvider: z.record(z.string(), z.number()),
  metrics: z.record(z.string(), z.number().nullable()),
  metricIntervals: z.record(z.string(), z.tuple([z.number(), z.number()])),
  evalBatch: z.number().nullable(),
  /** Its outputs beside the baseline's, where agreement is a metric or a limit; else null. */
  fidelity: fidelity.nullable(),
  relative: relative.nullable(),
  /** with `--profile`: where the time went, longest first; the runtime's own names after fusion, microseconds per run */
  profile: z
    .array(z.object({op: z.string(), provider: z.string(), durationUs: z.number(), count: z.number()}))
    .optional(),
})
export type BenchRow = z.infer<typeof benchRow>

/** How the figures of a bench came about. */
const benchMethod = z.object({
  /** The command as typed, absolute paths cut to their last part. */
  commandLine: z.string(),
  /** What the models were fed while they were timed: `synthetic input x [1, 1, 28, 28]`, or the data's name. */
  inputs: z.string(),
  /** The smallest difference that makes a verdict. */
  minEffect: z.number(),
  /** The first metric, which budgets and `relative.metric` go by. */
  metric: z
    .object({
      name: z.string(),
      direction: z.enum(['higher', 'lower']),
      bounded: z.boolean(),
      data: z.string(),
      samples: z.number(),
    })
    .nullable(),
})

export const benchResult = z.object({
  ...document,
  machine,
  method: benchMethod,
  results: z.array(benchRow),
  budget: budgetResult.nullable(),
})
export type BenchResult = z.infer<typeof benchResult>
