import {averageOverClasses} from './confusion.js'
import type {Metric} from './metric.js'
import {proportion} from './wilson-interval.js'

/** Share of the decisions for a class that are right; 0 when there is none. Class 1 of two, else the mean over classes. */
export const precision: Metric = {
  name: 'precision',
  direction: 'higher',
  bounded: true,
  needs: 'labels',
  compute(outputs, shape, labels) {
    return averageOverClasses(outputs, shape, labels, 'precision', ({truePositives, falsePositives}) => {
      const decided = truePositives + falsePositives
      return decided === 0 ? {value: 0} : proportion(truePositives, decided)
    })
  },
}
