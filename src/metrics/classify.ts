import {requireClassLabels} from './class-labels.js'
import {type ClassScores, decide, isSingleScore, shapeError, thresholdOf} from './class-scores.js'
import {labelledRows} from './labelled-rows.js'

/** Decisions, and the label of each. */
export interface Classified extends ClassScores {
  readonly labels: Float64Array | Float32Array
}

/**
 * Decisions of a classifier, `[N]`, `[N, 1]`, `[N, C]`, or a row of classes per label, with labels that were checked against its classes.
 *
 * @throws DataError when they do not fit.
 */
export function classify(
  outputs: Float32Array,
  shape: readonly number[],
  reference: Float64Array | Float32Array,
  metric: string,
): Classified {
  const {outputs: rows, shape: kept, labels} = labelledRows(outputs, shape, reference, metric)
  const samples = kept[0]
  if (samples === undefined) throw shapeError(shape, metric, '[N], [N, 1] or [N, C]')
  const scores = decide(rows, kept, isSingleScore(kept) ? thresholdOf(rows) : 0)
  requireClassLabels(labels, samples, scores.classes)
  return {...scores, labels}
}
