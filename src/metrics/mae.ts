import type {Metric} from './metric.js'
import {meanError} from './numeric-errors.js'

/** Mean absolute error, in the units of the targets. Outputs `[N]` or `[N, 1]`. */
export const mae: Metric = {
  name: 'mae',
  direction: 'lower',
  bounded: false,
  needs: 'labels',
  compute(outputs, shape, targets) {
    return {value: meanError(outputs, shape, targets, 'mae', Math.abs)}
  },
}
