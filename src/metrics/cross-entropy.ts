import {requireClassLabels} from './class-labels.js'
import {shapeError} from './class-scores.js'
import {labelledRows} from './labelled-rows.js'
import type {Metric} from './metric.js'
import {logProbabilities} from './probabilities.js'

/** float32's epsilon: a probability of 0 for the right class costs 16, not infinity. As scikit-learn's log_loss clips. */
const LEAST_LOG = Math.log(2 ** -23)

/** Mean of −log p(label), natural logarithm. Logits or probabilities, `[N, C]`, `[N]` or `[N, 1]`, or a row per label. */
export const crossEntropy: Metric = {
  name: 'cross-entropy',
  direction: 'lower',
  bounded: false,
  needs: 'labels',
  compute(all, given, reference) {
    const {outputs, shape, labels} = labelledRows(all, given, reference, 'cross-entropy')
    const samples = shape[0]
    if (samples === undefined) throw shapeError(shape, 'cross-entropy', '[N], [N, 1] or [N, C]')
    const {logs, classes} = logProbabilities(outputs, shape)
    requireClassLabels(labels, samples, classes)
    let sum = 0
    for (let sample = 0; sample < samples; sample++) {
      const log = logs[sample * classes + (labels[sample] as number)] as number
      // only a probability of exactly 0 is clipped: logits keep their full loss
      sum -= log === Number.NEGATIVE_INFINITY ? LEAST_LOG : log
    }
    return {value: sum / samples}
  },
}
