import {averageOverClasses} from './confusion.js'
import type {Metric} from './metric.js'
import {proportion} from './wilson-interval.js'

/** Share of a class's samples that are found; 0 when it has none. Class 1 of two, else the mean over classes. */
export const recall: Metric = {
  name: 'recall',
  direction: 'higher',
  bounded: true,
  needs: 'labels',
  compute(outputs, shape, labels) {
    return averageOverClasses(outputs, shape, labels, 'recall', ({truePositives, falseNegatives}) => {
      const present = truePositives + falseNegatives
      return present === 0 ? {value: 0} : proportion(truePositives, present)
    })
  },
}
