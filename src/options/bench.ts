import {z} from 'zod'
import {budgetOptions, dataWithoutBatch, feedOptions, judgeOptions} from './common.js'
import {field} from './field.js'
import type {ReadOnly} from './read-only.js'

const RUN = {group: 'RUN'}
const TIMING = {group: 'TIMING'}
const JUDGING = {group: 'JUDGING'}

const run = feedOptions.extend({
  providers: field(z.array(z.string()).default(['cpu']), 'where models run, see `mopt doctor`', {
    ...{...RUN, flag: 'provider', typed: 'list', helpValue: 'cpu,webgpu'},
  }),
  threadCounts: field(z.array(z.int().min(1).max(1024)).default([1]), 'threads of ONNX Runtime', {
    ...{...RUN, flag: 'threads', typed: 'counts', helpValue: '1,2'},
  }),
  batches: field(
    z.array(z.int().min(1)).default([]),
    "samples per run; 1, or what the first model's input is fixed at",
    {...RUN, flag: 'batch', typed: 'counts', helpValue: '1,8'},
  ),
})

const judge = z.strictObject({
  outputKinds: judgeOptions.shape.outputKinds,
  metrics: field(
    z.array(z.string()).default([]),
    'top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement ./my-metric.mjs',
    {...JUDGING, flag: 'metric', typed: 'list', helpValue: 'NAME,..'},
  ),
  outputName: field(z.string().optional(), 'the output to judge; the first', {...JUDGING, helpValue: 'NAME'}),
  evalBatch: field(z.int().min(1).optional(), 'samples per run while judging; 64, or 1 for dynamic int8', JUDGING),
})

const output = z.strictObject({
  profile: field(z.boolean().default(false), 'also list which operators take the time'),
  reports: field(z.array(z.string()).default([]), 'write a report: .md or .json (repeatable)', {
    ...{flag: 'report', helpValue: 'FILE'},
  }),
})

const own = z.strictObject({
  runs: field(z.int().min(1).max(1e7).optional(), 'exactly N timed runs; else at least 100 and --min-time', TIMING),
  minTimeMs: field(z.number().min(0).default(1000), 'measure each model at least this long', {
    ...{...TIMING, flag: 'min-time', typed: 'duration', defaultHelp: '1s'},
  }),
  maxTimeMs: field(z.number().min(0).default(60_000), 'measure each model at most this long', {
    ...{...TIMING, flag: 'max-time', typed: 'duration', defaultHelp: '60s'},
  }),
  warmup: field(
    z.union([z.strictObject({ms: z.number().min(0)}), z.strictObject({runs: z.int().min(1)})]).optional(),
    'runs or time before the timing, in each process [default: 80ms]',
    {...TIMING, typed: 'warmup'},
  ),
  minEffect: field(z.number().min(0).max(1).default(0.02), 'smallest difference that makes a verdict', {
    ...{...TIMING, typed: 'ratio', defaultHelp: '2%'},
  }),
})

export const benchOptions = z.strictObject({
  bench: own.prefault({}),
  output: output.prefault({}),
  data: dataWithoutBatch.prefault({}),
  judge: judge.prefault({}),
  run: run.prefault({}),
  budget: budgetOptions.prefault({}),
})
export type BenchOptions = ReadOnly<z.output<typeof benchOptions>>
