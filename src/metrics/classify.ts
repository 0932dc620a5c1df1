import {requireClassLabels} from './class-labels.js'
import {type ClassScores, decide, isSingleScore, shapeError, thresholdOf} from './class-scores.js'

/** Decisions of a classifier, `[N]`, `[N, 1]` or `[N, C]`, with labels that were checked against its classes. @throws DataError */
export function classify(
  outputs: Float32Array,
  shape: readonly number[],
  labels: Float64Array | Float32Array,
  metric: string,
): ClassScores {
  const samples = shape[0]
  if (samples === undefined || shape.length > 2) throw shapeError(shape, metric, '[N], [N, 1] or [N, C]')
  const scores = decide(outputs, shape, isSingleScore(shape) ? thresholdOf(outputs) : 0)
  requireClassLabels(labels, samples, scores.classes)
  return scores
}
