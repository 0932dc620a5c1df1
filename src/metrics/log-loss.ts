import {requireClassLabels} from './class-labels.js'
import {shapeError} from './class-scores.js'
import {labelledRows} from './labelled-rows.js'
import {logProbabilityOf} from './probabilities.js'

/** float32's epsilon: a probability of 0 for the right class costs 16, not infinity. As scikit-learn's log_loss clips. */
const LEAST_LOG = Math.log(2 ** -23)

/**
 * Mean of −log p(label), natural logarithm.
 *
 * @param all logits or probabilities, `[N, C]`, `[N]` or `[N, 1]`, or a row per label.
 * @throws DataError when shape and labels do not fit.
 */
export function meanLogLoss(
  all: Float32Array,
  given: readonly number[],
  reference: Float64Array | Float32Array,
  metric: string,
): number {
  const {outputs, shape, labels} = labelledRows(all, given, reference, metric)
  const samples = shape[0]
  if (samples === undefined) throw shapeError(shape, metric, '[N], [N, 1] or [N, C]')
  const {classes, logOf} = logProbabilityOf(outputs, shape)
  requireClassLabels(labels, samples, classes)
  let sum = 0
  for (let sample = 0; sample < samples; sample++) {
    const log = logOf(sample, labels[sample] as number)
    // only a probability of exactly 0 is clipped: logits keep their full loss
    sum -= log === Number.NEGATIVE_INFINITY ? LEAST_LOG : log
  }
  return sum / samples
}
