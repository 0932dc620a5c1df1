import {DataError} from '../errors.js'
import {decide, isSingleScore, shapeError, thresholdOf} from './class-scores.js'
import {SamePositives} from './kinds/same-positives.js'
import type {Metric} from './metric.js'
import {proportion} from './wilson-interval.js'

/**
 * Share of decisions that equal the baseline's. `[N, C]`; `[N, T, C]` decides at every position;
 * `[N]` and `[N, 1]` by the threshold that fits the baseline's scores. One score for each of many places, `[N, T, 1]` or
 * `[N, 1, H, W]`: F1 of the places that pass it.
 * Refused: more classes in four dimensions and more, where the class axis could be any.
 */
export const agreement: Metric = {
  name: 'agreement',
  direction: 'higher',
  bounded: true,
  needs: 'baseline',
  compute(outputs, shape, baseline) {
    if (hasOneClass(shape)) return samePositives(outputs, shape, baseline)
    if (shape.length < 1 || shape.length > 3) throw shapeError(shape, 'agreement', '[N], [N, C] or [N, T, C]')
    if (baseline.length !== outputs.length) {
      throw new DataError(
        `metric agreement: expected ${baseline.length} numbers as from the baseline, got ${outputs.length}`,
      )
    }
    const threshold = isSingleScore(shape) ? thresholdOf(baseline) : 0
    const [own, other] = [decide(outputs, shape, threshold), decide(baseline, shape, threshold)]
    // NaN decides nothing, so it agrees with nothing
    const hits = own.chosen.reduce((sum, choice, row) => sum + Number(choice >= 0 && choice === other.chosen[row]), 0)
    return proportion(hits, own.rows)
  },
}

/** Scores of a single class at places: the largest of them would always be the same one. */
function hasOneClass([, second, third, ...rest]: readonly number[]): boolean {
  if (third === undefined || rest.length > 1) return false
  return rest.length === 0 ? third === 1 : second === 1 || (third > 1 && rest[0] === 1)
}

function samePositives(outputs: Float32Array, dims: readonly number[], baseline: Float64Array | Float32Array) {
  const places = new SamePositives({of: 'samples'})
  places.add({reference: baseline, other: outputs, dims})
  // no place passes the threshold, in both
  return {value: places.result().value ?? 1}
}
