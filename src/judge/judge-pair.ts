import type {DataSpec, InputPort} from '../data/dataset.js'
import {openData} from '../data/open-data.js'
import type {Metric} from '../metrics/metric.js'
import {METRICS} from '../metrics/registry.js'
import type {SessionSettings} from '../runtime/session/session-settings.js'
import {chooseMetric} from './choose-metric.js'
import {agreementIn, type Judged, judge} from './judge.js'
import {judgeOutputs} from './judge-outputs.js'
import type {WantedKinds} from './wanted-kinds.js'

/** A metric of both models on the same samples. */
export interface JudgedPair {
  readonly name: string
  readonly before: number
  /** null when the outputs could not be judged. */
  readonly after: number | null
  readonly direction: 'higher' | 'lower'
  /** Whether values lie in 0..1. */
  readonly bounded: boolean
  readonly samples: number
  readonly peakRssBytes: number
}

export interface JudgePairOptions {
  readonly data: DataSpec
  /** The model's inputs, which tell whether the data has labels. */
  readonly inputs: readonly InputPort[]
  /** Rows per run: 1 where activations are quantized at run time, since then the result depends on the batch. */
  readonly batch: number
  /** A name of METRICS or a module; by the labels when absent. */
  readonly metric?: string | undefined
  /** The output that labels are for. */
  readonly outputName?: string | undefined
  readonly wanted: WantedKinds
}

interface Control {
  readonly signal: AbortSignal
  readonly progress: (label: string, done: number, total: number) => void
}

/**
 * The metric of a model and of what was made of it: by labels where there are some, else how much of the answers of the one the other
 * keeps, over all outputs.
 *
 * @throws UsageError for a metric that needs what is not there, DataError for labels that do not fit, as `evaluate`.
 */
export async function judgePair(
  beforePath: string,
  afterPath: string,
  settings: SessionSettings,
  options: JudgePairOptions,
  control: Control,
): Promise<JudgedPair> {
  const {labels} = await openData(options.data, options.inputs)
  const metric = await chooseMetric(labels, options.metric)
  // agreement asks what each output means, which a metric of one array cannot
  return metric !== METRICS.agreement
    ? byNumbers(metric, [beforePath, afterPath], settings, options, control)
    : byAnswers(metric, [beforePath, afterPath], settings, options, control)
}

type Paths = readonly [before: string, after: string]

async function byNumbers(
  metric: Metric,
  [beforePath, afterPath]: Paths,
  settings: SessionSettings,
  {data, batch, outputName}: JudgePairOptions,
  {signal, progress}: Control,
): Promise<JudgedPair> {
  const run = (path: string, label: string) => {
    const onProgress = (done: number, total: number) => progress(label, done, total)
    return judge(path, settings, {data, batch, outputName, signal, onProgress})
  }
  const before = await run(beforePath, 'evaluating the input')
  const after = await run(afterPath, 'evaluating the output')
  const value = ({valueBy}: Judged) => valueBy(metric, before.answers)?.value ?? Number.NaN
  const {name, direction, bounded} = metric
  const {samples} = after.answers
  const peakRssBytes = Math.max(before.answers.peakRssBytes, after.answers.peakRssBytes)
  return {name, before: value(before), after: value(after), direction, bounded, samples, peakRssBytes}
}

async function byAnswers(
  {name, direction, bounded}: Metric,
  [beforePath, afterPath]: Paths,
  settings: SessionSettings,
  {data, batch, outputName, wanted}: JudgePairOptions,
  {signal, progress}: Control,
): Promise<JudgedPair> {
  const onProgress = (done: number, total: number) => progress('evaluating both models', done, total)
  const source = {kind: 'data', spec: data} as const
  const options = {source, batch, wanted, against: 'input', signal, onProgress} as const
  const {compared, fidelity} = await judgeOutputs(beforePath, afterPath, settings, options)
  const after = agreementIn(fidelity, outputName)
  return {name, before: 1, after, direction, bounded, samples: compared.samples, peakRssBytes: compared.peakRssBytes}
}
