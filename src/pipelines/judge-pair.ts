import type {MetricChange} from '../bench/budget.js'
import type {DataSpec} from '../data/dataset.js'
import {agreement} from '../metrics/agreement.js'
import {top1} from '../metrics/top1.js'
import {evaluate} from '../runtime/evaluate.js'
import type {SessionSettings} from '../runtime/session-settings.js'
import type {Effects} from './options.js'

/** A metric of both models on the same samples. */
export interface JudgedPair extends MetricChange {
  readonly samples: number
  readonly peakRssBytes: number
}

export interface JudgeOptions {
  readonly data: DataSpec
  /** Rows per run: 1 where activations are quantized at run time, since then the result depends on the batch. */
  readonly batch: number
}

/** top1 where there are labels, else how often the labels of the written model are those of its input. */
export async function judgePair(
  beforePath: string,
  afterPath: string,
  settings: SessionSettings,
  {data, batch}: JudgeOptions,
  {signal, progress}: Effects,
): Promise<JudgedPair> {
  const run = (path: string, label: string) =>
    evaluate(path, settings, {data, batch, signal, onProgress: (done, total) => progress(label, done, total)})
  const before = await run(beforePath, 'evaluating the input')
  const after = await run(afterPath, 'evaluating the output')
  const metric = before.labels ? top1 : agreement
  const judge = (own: typeof before) => metric.compute(own.data, own.shape, before.labels ?? before.data).value
  return {
    name: metric.name,
    before: judge(before),
    after: judge(after),
    direction: metric.direction,
    bounded: metric.bounded,
    samples: after.samples,
    peakRssBytes: Math.max(before.peakRssBytes, after.peakRssBytes),
  }
}
