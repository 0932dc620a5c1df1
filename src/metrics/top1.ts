import {classify} from './classify.js'
import type {Metric} from './metric.js'
import {proportion} from './wilson-interval.js'

/** Share of samples whose best class is the label: accuracy. `[N, C]`, or `[N]` and `[N, 1]` by threshold; of positions where each has a label. */
export const top1: Metric = {
  name: 'top1',
  direction: 'higher',
  bounded: true,
  needs: 'labels',
  compute(outputs, shape, reference) {
    const {chosen, rows, labels} = classify(outputs, shape, reference, 'top1')
    return proportion(
      chosen.reduce((hits, choice, row) => hits + Number(choice === labels[row]), 0),
      rows,
    )
  },
}
