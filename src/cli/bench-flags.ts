import {Flags} from '@oclif/core'
import {UsageError} from '../errors.js'
import {duration, integer, integerList, ratio} from './flag-types.js'
import {parseDuration, parseInteger} from './flag-values.js'

/** The flags of `bench` alone. */

const TIMING = {helpGroup: 'TIMING'}
const JUDGING = {helpGroup: 'JUDGING'}

/** Names with commas between them, empty ones refused. */
const names = Flags.custom<readonly string[]>({
  parse: async (text, _, {name}) => {
    const list = text.split(',').map((item) => item.trim())
    if (list.every((item) => item !== '')) return list
    throw new UsageError(`--${name}: expected names with commas between them, got '${text}'`)
  },
})

/** `10` runs, or `80ms`. */
const warmup = Flags.custom<{readonly ms: number} | {readonly runs: number}>({
  parse: async (text, _, {name}) =>
    /^\s*\d+\s*$/.test(text) ? {runs: parseInteger(text, name, {min: 1})} : {ms: parseDuration(text, name)},
  helpValue: 'N|TIME',
})

export const benchFlags = {
  provider: names({
    summary: 'where models run, see `mopt doctor`',
    default: ['cpu'],
    helpValue: 'cpu,webgpu',
    helpGroup: 'RUN',
  }),
  threads: integerList({
    summary: 'threads of ONNX Runtime',
    default: [1],
    min: 1,
    max: 1024,
    helpValue: '1,2',
    helpGroup: 'RUN',
  }),
  batch: integerList({
    summary: "samples per run; 1, or what the first model's input is fixed at",
    min: 1,
    helpValue: '1,8',
    helpGroup: 'RUN',
  }),
  metric: names({
    ...JUDGING,
    summary: 'top1 top5 f1 precision recall auc rmse mae cross-entropy agreement ./my-metric.mjs',
    helpValue: 'NAME,..',
  }),
  'output-name': Flags.string({...JUDGING, summary: 'the output to judge; the first', helpValue: 'NAME'}),
  'eval-batch': integer({...JUDGING, summary: 'samples per run while judging; 64, or 1 for dynamic int8', min: 1}),
  runs: integer({...TIMING, summary: 'exactly N timed runs; else at least 100 and --min-time', min: 1, max: 1e7}),
  'min-time': duration({
    ...TIMING,
    summary: 'measure each model at least this long',
    default: 1000,
    defaultHelp: async () => '1s',
  }),
  'max-time': duration({
    ...TIMING,
    summary: 'measure each model at most this long',
    default: 60_000,
    defaultHelp: async () => '60s',
  }),
  warmup: warmup({...TIMING, summary: 'runs or time before the timing, in each process [default: 80ms]'}),
  'min-effect': ratio({
    ...TIMING,
    summary: 'smallest difference that makes a verdict',
    default: 0.02,
    defaultHelp: async () => '2%',
  }),
  profile: Flags.boolean({summary: 'also list which operators take the time', helpGroup: 'OUTPUT'}),
  report: Flags.string({
    summary: 'write a report: .md or .json (repeatable)',
    helpValue: 'FILE',
    helpGroup: 'OUTPUT',
    multiple: true,
    multipleNonGreedy: true,
  }),
}
