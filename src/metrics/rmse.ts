import type {Metric} from './metric.js'
import {meanError} from './numeric-errors.js'

/** Root of the mean squared error, in the units of the targets. Outputs `[N]` or `[N, 1]`. */
export const rmse: Metric = {
  name: 'rmse',
  direction: 'lower',
  bounded: false,
  needs: 'labels',
  compute(outputs, shape, targets) {
    return {value: Math.sqrt(meanError(outputs, shape, targets, 'rmse', (difference) => difference ** 2))}
  },
}
