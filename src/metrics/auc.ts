import {DataError} from '../errors.js'
import {requireClassLabels} from './class-labels.js'
import {isSingleScore, shapeError} from './class-scores.js'
import type {Metric} from './metric.js'
import {logProbabilities} from './probabilities.js'

/**
 * Area under the ROC curve: how often a positive sample scores above a negative one, ties counting half.
 * `[N]`, `[N, 1]` and `[N, 2]`: class 1 against class 0; `[N, C]`: mean over classes, each against the rest, by probability.
 */
export const auc: Metric = {
  name: 'auc',
  direction: 'higher',
  bounded: true,
  needs: 'labels',
  compute(outputs, shape, labels) {
    const samples = shape[0]
    if (samples === undefined || shape.length > 2) throw shapeError(shape, 'auc', '[N], [N, 1] or [N, C]')
    if (outputs.some(Number.isNaN)) throw new DataError('metric auc: expected scores that can be ordered, got NaN')
    const classes = isSingleScore(shape) ? 2 : (shape[1] as number)
    requireClassLabels(labels, samples, classes)
    const scored = classes === 2 ? [1] : Array.from({length: classes}, (_, index) => index)
    const areas = scored.map((positive) => areaUnderCurve(scoresOf(outputs, shape, positive), labels, positive))
    return {value: areas.reduce((sum, area) => sum + area, 0) / areas.length}
  },
}

/** Anything that orders the samples as the probability of the class does. */
function scoresOf(outputs: Float32Array, shape: readonly number[], positive: number): Float32Array | Float64Array {
  if (isSingleScore(shape)) return outputs
  const {logs, classes} = logProbabilities(outputs, shape)
  if (classes > 2)
    return Float64Array.from({length: logs.length / classes}, (_, row) => logs[row * classes + positive] as number)
  // the difference keeps apart what rounds to the same probability near 1
  return Float64Array.from(
    {length: logs.length / 2},
    (_, row) => (outputs[2 * row + 1] as number) - (outputs[2 * row] as number),
  )
}

/** By ranks, the mean rank for ties. @see Mann & Whitney 1947 */
function areaUnderCurve(scores: Float32Array | Float64Array, labels: ArrayLike<number>, positive: number): number {
  const order = Uint32Array.from(scores, (_, index) => index).sort(
    (a, b) => (scores[a] as number) - (scores[b] as number),
  )
  let [rankSum, positives] = [0, 0]
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end < order.length && scores[order[end] as number] === scores[order[start] as number]) end++
    const tied = order.subarray(start, end).filter((sample) => labels[sample] === positive).length
    rankSum += (tied * (start + 1 + end)) / 2
    positives += tied
    start = end
  }
  const negatives = order.length - positives
  if (positives === 0 || negatives === 0) {
    throw new DataError(
      `metric auc: expected samples of class ${positive} and of others, got ${positives} and ${negatives}`,
    )
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}
