import {classify} from './classify.js'
import type {Metric} from './metric.js'
import {proportion} from './wilson-interval.js'

/** Share of samples whose best class is the label: accuracy. `[N, C]`, or `[N]` and `[N, 1]` by threshold. */
export const top1: Metric = {
  name: 'top1',
  direction: 'higher',
  bounded: true,
  needs: 'labels',
  compute(outputs, shape, labels) {
    const {chosen, rows} = classify(outputs, shape, labels, 'top1')
    return proportion(
      chosen.reduce((hits, choice, row) => hits + Number(choice === labels[row]), 0),
      rows,
    )
  },
}
