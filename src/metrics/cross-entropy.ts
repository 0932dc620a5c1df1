import {meanLogLoss} from './log-loss.js'
import type {Metric} from './metric.js'

/** Mean of −log p(label), natural logarithm. Logits or probabilities, `[N, C]`, `[N]` or `[N, 1]`, or a row per label. */
export const crossEntropy: Metric = {
  name: 'cross-entropy',
  direction: 'lower',
  bounded: false,
  needs: 'labels',
  compute(outputs, shape, reference) {
    return {value: meanLogLoss(outputs, shape, reference, 'cross-entropy')}
  },
}
