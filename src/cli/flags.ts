import {Args, Flags} from '@oclif/core'
import {UsageError} from '../errors.js'
import {dimension, feed, inputShape, integer, mapping, number, numberList, outputKind, sides} from './flag-types.js'

/** The arguments and flags that several verbs share. `flag-options.ts` turns their values into the options of a pipeline. */

export const modelArg = Args.string({
  required: true,
  description: 'the ONNX model',
  parse: async (path) => refuseStdin(path),
})

/** A further model that a verb reads. */
export const modelFlag = Flags.custom<string>({parse: async (path) => refuseStdin(path), helpValue: 'FILE'})

/** @throws UsageError for `-`: a model is read at several places at once, which a stream cannot. */
export function refuseStdin(path: string): string {
  if (path !== '-') return path
  throw new UsageError("expected a model file, got '-' (standard input)", {hint: 'Save the model to a file first'})
}

export const outputFlags = {
  output: Flags.string({
    char: 'o',
    summary: 'file or FOLDER/ to write; else beside the input',
    helpValue: 'FILE',
    helpGroup: 'OUTPUT',
  }),
  force: Flags.boolean({summary: 'replace an existing output', default: false, helpGroup: 'OUTPUT'}),
  'external-data': Flags.option({
    options: ['auto', 'always', 'never'] as const,
    default: 'auto' as const,
    summary: 'weights in <output>.data beside the model; auto: when the file would pass 2 GiB',
    helpGroup: 'OUTPUT',
  })(),
  verify: Flags.boolean({
    summary: 'run the written model in ONNX Runtime beside the input',
    allowNo: true,
    default: true,
    helpGroup: 'OUTPUT',
  }),
  time: Flags.boolean({
    summary: 'time the written model against the input',
    allowNo: true,
    default: true,
    helpGroup: 'OUTPUT',
  }),
  'check-shape': inputShape({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'shape of an input where the model is run and timed; the file stays free (repeatable)',
    helpGroup: 'OUTPUT',
  }),
}

const DATA = {helpGroup: 'DATA'}

export const dataFlags = {
  data: Flags.string({
    ...DATA,
    summary: 'samples: .npz, .npy, IDX, .csv, .jsonl, .parquet, or a folder of images',
    helpValue: 'PATH',
  }),
  eval: Flags.string({...DATA, summary: 'held-out samples to judge on', helpValue: 'PATH'}),
  labels: Flags.string({...DATA, summary: 'labels of --data, when not inside or beside it', helpValue: 'FILE'}),
  'eval-labels': Flags.string({...DATA, summary: 'labels of --eval', helpValue: 'FILE'}),
  limit: integer({...DATA, min: 1, summary: 'use at most N samples of --data'}),
  offset: integer({...DATA, min: 0, default: 0, summary: 'skip the first N samples of --data'}),
  'label-column': Flags.string({
    ...DATA,
    summary: 'array or column of labels; else label, labels or y',
    helpValue: 'NAME',
  }),
  shuffle: Flags.boolean({
    ...DATA,
    summary: 'shuffle --data by the seed first; class folders are unless told otherwise',
    allowNo: true,
  }),
  'eval-limit': integer({...DATA, min: 1, summary: 'use at most N samples of --eval'}),
  'eval-offset': integer({...DATA, min: 0, default: 0, summary: 'skip the first N samples of --eval'}),
  batch: integer({...DATA, min: 1, summary: 'samples per run'}),
  map: mapping({
    ...DATA,
    multiple: true,
    multipleNonGreedy: true,
    summary: 'which array of the data feeds which input (repeatable)',
  }),
  preprocess: Flags.string({
    ...DATA,
    summary: 'prepare images as a preprocessor_config.json of Hugging Face says',
    helpValue: 'FILE',
  }),
  resize: sides({...DATA, summary: 'resize images, height first'}),
  channels: Flags.option({...DATA, options: ['gray', 'rgb', 'bgr'] as const, summary: 'channels of the images'})(),
  layout: Flags.option({...DATA, options: ['nchw', 'nhwc'] as const, summary: "axes of the model's image input"})(),
  scale: number({
    ...DATA,
    summary: 'y = (x * scale - mean) / std; image files and IDX by 1/255 into float inputs by default',
  }),
  mean: numberList({...DATA, summary: 'one value, or one per channel'}),
  std: numberList({...DATA, summary: 'one value, or one per channel'}),
}

const JUDGE = {helpGroup: 'JUDGE'}

/** How results are judged. */
export const judgeFlags = {
  'output-kind': outputKind({
    ...JUDGE,
    multiple: true,
    multipleNonGreedy: true,
    summary: 'what an output means, see docs/how-results-are-judged.md (repeatable)',
  }),
}

/** How held-out samples are judged. */
export const metricFlags = {
  metric: Flags.string({
    ...JUDGE,
    summary: 'on --eval: top1 top5 f1 precision recall auc rmse mae cross-entropy agreement ./my-metric.mjs',
    helpValue: 'NAME',
  }),
  'output-name': Flags.string({...JUDGE, summary: 'output that labels are for; else the first', helpValue: 'NAME'}),
}

const RUN = {helpGroup: 'RUN'}

/** Sizes for what a model leaves free. */
export const shapeFlags = {
  'input-shape': inputShape({
    ...RUN,
    multiple: true,
    multipleNonGreedy: true,
    summary: 'shape of an input with free dimensions (repeatable)',
  }),
  dim: dimension({...RUN, multiple: true, multipleNonGreedy: true, summary: 'size of a free dimension (repeatable)'}),
}

/** Constants for scalars and states. */
export const feedFlags = {
  feed: feed({
    ...RUN,
    multiple: true,
    multipleNonGreedy: true,
    summary: 'value an input gets in every run: number, zeros, ones or FILE.npy (repeatable)',
  }),
}

export const runFlags = {
  provider: Flags.string({...RUN, default: 'cpu', summary: 'where models run, see `mopt doctor`', helpValue: 'NAME'}),
  threads: integer({...RUN, min: 1, max: 1024, default: 1, summary: 'threads of ONNX Runtime'}),
  ...shapeFlags,
  ...feedFlags,
  seed: integer({...RUN, min: 0, max: 2 ** 32 - 1, default: 0, summary: 'seed of everything random'}),
}

// A missed budget ends with exit code 4.
const BUDGET = {helpGroup: 'BUDGET'}

export const budgetFlags = {
  'max-drop': Flags.string({...BUDGET, summary: 'the most the metric may lose: 1% or 0.01', helpValue: '1%'}),
  'max-size': Flags.string({
    ...BUDGET,
    summary: "the largest file: share of the input's or bytes",
    helpValue: '30%|4MB',
  }),
  'min-speedup': number({...BUDGET, min: 0, summary: 'how many times faster than the input', helpValue: '1.5'}),
  'max-latency': Flags.string({...BUDGET, summary: 'p50 of a run, or p95=5ms', helpValue: '5ms'}),
  'min-agreement': Flags.string({
    ...BUDGET,
    summary: 'what the worst output must keep of the answers, by its kind; needs --data or --eval',
    helpValue: '98%',
  }),
  'min-sqnr': Flags.string({...BUDGET, summary: 'the most noise in the worst output', helpValue: '20dB'}),
  budget: Flags.string({
    ...BUDGET,
    summary: 'limits from a file, flags win; missed: exit code 4',
    helpValue: 'FILE.yaml',
  }),
  strict: Flags.boolean({
    ...BUDGET,
    default: false,
    summary: 'judge times by the measured point, not by the whole interval',
  }),
}
