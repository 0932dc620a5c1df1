import {DataError} from '../errors.js'
import {decide, isSingleScore, shapeError, thresholdOf} from './class-scores.js'
import type {Metric} from './metric.js'
import {proportion} from './wilson-interval.js'

/**
 * Share of decisions that equal the baseline's. `[N, C]`; `[N, T, C]` decides at every position;
 * `[N]` and `[N, 1]` by the threshold that fits the baseline's scores.
 * Refused: four dimensions and more, where the class axis could be any.
 */
export const agreement: Metric = {
  name: 'agreement',
  direction: 'higher',
  bounded: true,
  needs: 'baseline',
  compute(outputs, shape, baseline) {
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
