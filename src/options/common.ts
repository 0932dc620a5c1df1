import {z} from 'zod'
import {OUTPUT_KINDS} from '../results/fidelity.js'
import {checkedData} from './checked-data.js'
import {field} from './field.js'
import type {ReadOnly} from './read-only.js'
import {record} from './record.js'

/** Rooms of options that several verbs have. JSON only; what is absent and has no default is up to mopt. */

const sizes = z.array(z.int().min(0))

export const outputOptions = z.strictObject({
  path: field(z.string().optional(), 'file or FOLDER/ to write; else beside the input', {
    ...{flag: 'output', char: 'o', helpValue: 'FILE'},
  }),
  force: field(z.boolean().default(false), 'replace an existing output'),
  externalData: field(
    z.enum(['auto', 'always', 'never']).default('auto'),
    'weights in <output>.data beside the model; auto: when the file would pass 2 GiB',
  ),
  verify: field(z.boolean().default(true), 'run the written model in ONNX Runtime beside the input', {allowNo: true}),
  time: field(z.boolean().default(true), 'time the written model against the input', {allowNo: true}),
  checkShapes: field(
    record(sizes).default({}),
    'shape of an input where the model is run and timed; the file stays free (repeatable)',
    {flag: 'check-shape', typed: 'shapes'},
  ),
})
export type OutputOptions = ReadOnly<z.output<typeof outputOptions>>

/** How pixels become numbers: resized, then `y = (x · scale − mean) / std`, one value or one per channel. */
export const preprocessOptions = z.strictObject({
  resize: field(z.tuple([z.int().min(1), z.int().min(1)]).optional(), 'resize images, height first', {typed: 'sides'}),
  channels: field(z.enum(['gray', 'rgb', 'bgr']).optional(), 'channels of the images'),
  layout: field(z.enum(['nchw', 'nhwc']).optional(), "axes of the model's image input"),
  scale: field(
    z.number().optional(),
    'y = (x * scale - mean) / std; image files and IDX by 1/255 into float inputs by default',
  ),
  mean: field(z.array(z.number()).optional(), 'one value, or one per channel', {typed: 'numbers'}),
  std: field(z.array(z.number()).optional(), 'one value, or one per channel', {typed: 'numbers'}),
})

const path = z.string().optional()
const count = z.int().min(1).optional()
const offset = z.int().min(0).default(0)

const data = z.strictObject({
  samples: field(path, 'samples: .npz, .npy, IDX, .csv, .jsonl, .parquet, or a folder of images', {
    ...{flag: 'data', helpValue: 'PATH'},
  }),
  eval: field(path, 'held-out samples to judge on', {helpValue: 'PATH'}),
  labels: field(path, 'labels of --data, when not inside or beside it', {helpValue: 'FILE'}),
  evalLabels: field(path, 'labels of --eval', {helpValue: 'FILE'}),
  limit: field(count, 'use at most N samples of --data'),
  offset: field(offset, 'skip the first N samples of --data'),
  labelColumn: field(path, 'array or column of labels; else label, labels or y', {helpValue: 'NAME'}),
  shuffle: field(z.boolean().optional(), 'shuffle --data by the seed first; class folders are unless told otherwise', {
    allowNo: true,
  }),
  evalLimit: field(count, 'use at most N samples of --eval'),
  evalOffset: field(offset, 'skip the first N samples of --eval'),
  batch: field(count, 'samples per run'),
  map: field(
    record(z.union([z.string(), z.array(z.string())])).default({}),
    'which array of the data feeds which input (repeatable)',
    {typed: 'map'},
  ),
  preprocessFile: field(path, 'prepare images as a preprocessor_config.json of Hugging Face says', {
    ...{flag: 'preprocess', helpValue: 'FILE'},
  }),
  preprocess: preprocessOptions.prefault({}),
})
export const dataOptions = checkedData(data)
export type DataOptions = ReadOnly<z.output<typeof dataOptions>>

/** Where the samples of a run are a matter of the verb. */
export const dataWithoutBatch = checkedData(data.omit({batch: true}))

const outputKinds = field(
  record(z.strictObject({kind: z.enum(OUTPUT_KINDS), threshold: z.number().optional()})).default({}),
  'what an output means, see docs/how-results-are-judged.md (repeatable)',
  {flag: 'output-kind', typed: 'output kinds'},
)

/** How held-out samples are judged. */
export const judgeOptions = z.strictObject({
  outputKinds,
  metric: field(
    z.string().optional(),
    'on --eval: top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement ./my-metric.mjs',
    {helpValue: 'NAME'},
  ),
  outputName: field(z.string().optional(), 'output that labels are for; else the first', {helpValue: 'NAME'}),
})
export type JudgeOptions = ReadOnly<z.output<typeof judgeOptions>>

/** The same where the metric also chooses the best epoch. */
export const trainedJudgeOptions = z.strictObject({
  outputKinds,
  metric: field(
    z.string().optional(),
    'what chooses the best epoch: top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement',
    {helpValue: 'NAME', group: 'TRAINING'},
  ),
  outputName: field(z.string().optional(), 'the output that is trained and judged; the first', {
    ...{helpValue: 'NAME', group: 'TRAINING'},
  }),
})

/** Sizes for what a model leaves free. */
export const shapeOptions = z.strictObject({
  inputShapes: field(record(sizes).default({}), 'shape of an input with free dimensions (repeatable)', {
    ...{flag: 'input-shape', typed: 'shapes'},
  }),
  dims: field(record(z.int().min(1)).default({}), 'size of a free dimension (repeatable)', {
    ...{flag: 'dim', typed: 'dims'},
  }),
})
export interface ShapeOptions {
  readonly inputShapes: Readonly<Record<string, readonly number[]>>
  readonly dims: Readonly<Record<string, number>>
}

/** What holds for every run of a model, wherever and however often. */
export const feedOptions = shapeOptions.extend({
  feed: field(
    record(z.string()).default({}),
    'value an input gets in every run: number, zeros, ones or FILE.npy (repeatable)',
    {typed: 'feeds'},
  ),
  seed: field(
    z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(0),
    'seed of everything random',
  ),
})

export const runOptions = feedOptions.extend({
  provider: field(z.string().default('cpu'), 'where models run, see `mopt doctor`', {helpValue: 'NAME'}),
  threads: field(z.int().min(1).max(1024).default(1), 'threads of ONNX Runtime'),
})
export type RunOptions = ReadOnly<z.output<typeof runOptions>>

const typed = z.string().optional()

/** Limits as they are typed: `1%`, `4MB`, `p95=5ms`. */
export const budgetOptions = z.strictObject({
  maxDrop: field(typed, 'the most the metric may lose: 1% or 0.01', {helpValue: '1%'}),
  maxSize: field(typed, "the largest file: share of the input's or bytes", {helpValue: '30%|4MB'}),
  minSpeedup: field(z.number().min(0).optional(), 'how many times faster than the input', {helpValue: '1.5'}),
  maxLatency: field(typed, 'p50 of a run, or p95=5ms', {helpValue: '5ms'}),
  minAgreement: field(typed, 'what the worst output must keep of the answers, by its kind; needs --data or --eval', {
    helpValue: '98%',
  }),
  minSqnr: field(typed, 'the most noise in the worst output', {helpValue: '20dB'}),
  file: field(typed, 'limits from a file, flags win; missed: exit code 4', {flag: 'budget', helpValue: 'FILE.yaml'}),
  strict: field(z.boolean().default(false), 'judge times by the measured point, not by the whole interval'),
})
export type BudgetOptions = ReadOnly<z.output<typeof budgetOptions>>

/** Rooms of every verb that writes a model. */
export const TRANSFORM_ROOMS = {
  output: outputOptions.prefault({}),
  data: dataOptions.prefault({}),
  judge: judgeOptions.prefault({}),
  run: runOptions.prefault({}),
  budget: budgetOptions.prefault({}),
}

/** What every verb that writes a model is asked. */
export interface TransformOptions {
  readonly output: OutputOptions
  readonly data: DataOptions
  readonly judge: JudgeOptions
  readonly run: RunOptions
  readonly budget: BudgetOptions
}
