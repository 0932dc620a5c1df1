import {requireClassLabels} from './class-labels.js'
import {classCountOf, shapeError} from './class-scores.js'
import {labelledRows} from './labelled-rows.js'
import type {Metric} from './metric.js'
import {proportion} from './wilson-interval.js'

/** Share of samples whose label is among the five best classes, ties to the lowest index. `[N, C]` with C > 5: else it is always 1. */
export const top5: Metric = {
  name: 'top5',
  direction: 'higher',
  bounded: true,
  needs: 'labels',
  compute(all, given, reference) {
    const {outputs, shape, labels} = labelledRows(all, given, reference, 'top5')
    const classes = classCountOf(shape, 'top5')
    if (classes <= 5) throw shapeError(shape, 'top5', '[N, C] with more than 5 classes')
    const samples = shape[0] as number
    requireClassLabels(labels, samples, classes)
    let hits = 0
    for (let sample = 0; sample < samples; sample++) {
      const scores = outputs.subarray(sample * classes, (sample + 1) * classes)
      if (rankOf(scores, labels[sample] as number) < 5) hits++
    }
    return proportion(hits, samples)
  },
}

/** How many classes come before this one; all of them when a score is NaN. */
function rankOf(scores: Float32Array, label: number): number {
  const own = scores[label] as number
  let before = 0
  scores.forEach((score, index) => {
    if (Number.isNaN(score)) before = scores.length
    if (score > own || (score === own && index < label)) before++
  })
  return before
}
