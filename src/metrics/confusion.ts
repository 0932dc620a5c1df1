import {classify} from './classify.js'
import type {MetricResult} from './metric.js'

/** What one class got right and wrong. */
export interface Counts {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
}

/**
 * A score per class: of class 1 when there are two classes, else the mean over the classes that occur in labels or decisions,
 * as scikit-learn's `average='binary'` and `'macro'`.
 */
export function averageOverClasses(
  outputs: Float32Array,
  shape: readonly number[],
  reference: Float64Array | Float32Array,
  metric: string,
  score: (counts: Counts) => MetricResult,
): MetricResult {
  const {chosen, classes, labels} = classify(outputs, shape, reference, metric)
  const counts = countPerClass(chosen, labels, classes)
  if (classes === 2) return score(counts[1] as Counts)
  const present = counts.filter(
    ({truePositives, falsePositives, falseNegatives}) => truePositives + falsePositives + falseNegatives > 0,
  )
  return {value: present.reduce((sum, count) => sum + score(count).value, 0) / present.length}
}

function countPerClass(chosen: Int32Array, labels: ArrayLike<number>, classes: number): Counts[] {
  const counts = Array.from({length: classes}, () => ({truePositives: 0, falsePositives: 0, falseNegatives: 0}))
  chosen.forEach((choice, sample) => {
    const [picked, right] = [counts[choice], counts[labels[sample] as number]]
    if (picked && picked === right) picked.truePositives++
    else {
      if (picked) picked.falsePositives++
      if (right) right.falseNegatives++
    }
  })
  return counts
}
