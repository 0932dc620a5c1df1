import {meanLogLoss} from './log-loss.js'
import type {Metric} from './metric.js'

/**
 * Among how many equally likely tokens a language model chooses: e to the mean of −log p(next token). Logits or probabilities
 * `[N, T, V]` with the next token of each position, `[N, T]`; positions of −100 are left out.
 */
export const perplexity: Metric = {
  name: 'perplexity',
  direction: 'lower',
  bounded: false,
  needs: 'labels',
  compute(outputs, shape, reference) {
    return {value: Math.exp(meanLogLoss(outputs, shape, reference, 'perplexity'))}
  },
}
