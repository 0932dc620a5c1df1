import {averageOverClasses} from './confusion.js'
import type {Metric} from './metric.js'

/** Harmonic mean of precision and recall. Class 1 of two, else the mean over classes. */
export const f1: Metric = {
  name: 'f1',
  direction: 'higher',
  bounded: true,
  needs: 'labels',
  compute(outputs, shape, labels) {
    return averageOverClasses(outputs, shape, labels, 'f1', ({truePositives, falsePositives, falseNegatives}) => {
      const sum = 2 * truePositives + falsePositives + falseNegatives
      return {value: sum === 0 ? 0 : (2 * truePositives) / sum}
    })
  },
}
