import {z} from 'zod'
import {budgetResult, document, verdict, writing} from './results/common.js'
import {fidelity} from './results/fidelity.js'
import {trainingFacts} from './results/training.js'

export * from './results/common.js'
export * from './results/fidelity.js'
export * from './results/training.js'

/**
 * The JSON that `--json` prints: public interface, described in the user guide. Sizes in bytes, times in milliseconds unless the
 * name says otherwise; a number that is not finite becomes null.
 */

export const failure = z.object({
  schemaVersion: z.literal(1),
  command: z.string(),
  error: z.object({code: z.string(), message: z.string(), hint: z.string().optional()}),
})
export type Failure = z.infer<typeof failure>

/** A size that is a number, a name or expression, or unknown. */
const dim = z.union([z.number(), z.string(), z.null()])
const port = z.object({name: z.string(), dtype: z.string().nullable(), shape: z.array(dim).nullable()})
export type Port = z.infer<typeof port>

export const layer = z.object({
  node: z.string(),
  op: z.string(),
  outputShape: z.array(dim).nullable(),
  dtype: z.string().nullable(),
  parameters: z.number(),
  bytes: z.number(),
  macs: z.number().nullable(),
  sparsity: z.number().nullable(),
})
export type Layer = z.infer<typeof layer>

export const inspectResult = z.object({
  ...document,
  model: z.object({
    path: z.string(),
    sizeBytes: z.number(),
    compressedBytes: z.number().nullable(),
    sha256: z.string().nullable(),
    irVersion: z.number(),
    opsets: z.record(z.string(), z.number()),
    producer: z.string(),
    inputs: z.array(port),
    outputs: z.array(port),
    nodes: z.number(),
    ops: z.record(z.string(), z.number()),
    parameters: z.object({
      count: z.number(),
      bytes: z.number(),
      zeros: z.number().nullable(),
      sparsity: z.number().nullable(),
      byDtype: z.record(z.string(), z.number()),
    }),
    macs: z.number().nullable(),
    quantization: z.string(),
  }),
  layers: z.array(layer).optional(),
})
export type InspectResult = z.infer<typeof inspectResult>

/** Values of the metric on `--eval` (or `--data`), input model beside output model; null when nothing was evaluated. */
const metricPair = z
  .object({
    name: z.string(),
    before: z.number(),
    /** null when the outputs could not be judged: `fidelity.outputs` says why. */
    after: z.number().nullable(),
    samples: z.number(),
  })
  .nullable()
export type MetricPair = z.infer<typeof metricPair>

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

export const simplifyResult = z.object({
  ...writing,
  metric: metricPair,
  /** Nodes that compute something, those of subgraphs included. */
  nodes: z.object({before: z.number(), after: z.number()}),
  opset: z.object({before: z.number(), after: z.number()}),
  /** Nothing was written: `output` says what would have been. */
  dryRun: z.boolean(),
})
export type SimplifyResult = z.infer<typeof simplifyResult>

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

export const doctorResult = z.object({
  ...document,
  machine,
  providers: z.array(
    z.object({
      name: z.string(),
      bundled: z.boolean(),
      loads: z.boolean(),
      reason: z.string().nullable(),
      install: z.string().nullable(),
    }),
  ),
  advice: z.array(z.string()),
})
export type DoctorResult = z.infer<typeof doctorResult>
