import {UsageError} from '../errors.js'
import type {Metric} from '../metrics/metric.js'
import {METRICS} from '../metrics/registry.js'
import {loadMetric} from './load-metric.js'

/**
 * The metric of labelled and of unlabelled samples: top1 for classes, rmse for numbers, agreement with the reference without labels.
 *
 * @param wanted a name of METRICS or the path of a module.
 * @throws UsageError for a metric of labels where there are none, or one that does not exist.
 */
export async function chooseMetric(labels: Float64Array | undefined, wanted?: string | undefined): Promise<Metric> {
  if (wanted === undefined) return METRICS[defaultMetric(labels)] as Metric
  const metric = await loadMetric(wanted)
  if (metric.needs === 'baseline' || labels) return metric
  throw new UsageError(`--metric ${wanted}: expected samples with labels, found none`, {
    hint: 'Give labels with --labels FILE or --eval-labels FILE, or leave --metric out to compare with the input model',
  })
}

function defaultMetric(labels: Float64Array | undefined): string {
  if (!labels) return 'agreement'
  return labels.every(Number.isInteger) ? 'top1' : 'rmse'
}
