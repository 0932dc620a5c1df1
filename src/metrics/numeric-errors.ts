import {requireLabelCount} from './class-labels.js'
import {isSingleScore, shapeError} from './class-scores.js'

/** Mean over samples of a loss of `prediction − target`. Outputs `[N]` or `[N, 1]`. @throws DataError for other shapes. */
export function meanError(
  outputs: Float32Array,
  shape: readonly number[],
  targets: Float64Array | Float32Array,
  metric: string,
  loss: (difference: number) => number,
): number {
  if (!isSingleScore(shape)) throw shapeError(shape, metric, '[N] or [N, 1]')
  requireLabelCount(targets, outputs.length)
  return outputs.reduce((sum, output, sample) => sum + loss(output - (targets[sample] as number)), 0) / outputs.length
}
