import {DataError} from '../errors.js'

/** One decision per row of scores. */
export interface ClassScores {
  readonly rows: number
  /** 2 for a single score per row, which a threshold decides. */
  readonly classes: number
  /** The class chosen for each row; −1 where a score is NaN, which no label equals. */
  readonly chosen: Int32Array
}

/** Scores that lie in 0..1 throughout are probabilities with threshold 0.5; one value outside makes them logits with threshold 0. */
export function thresholdOf(scores: Float32Array | Float64Array): number {
  return scores.every((score) => score >= 0 && score <= 1) ? 0.5 : 0
}

/** One score per sample: `[N]` or `[N, 1]`. */
export function isSingleScore(shape: readonly number[]): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1)
}

/** `[N, C]` with its C. @throws DataError for another shape. */
export function classCountOf(shape: readonly number[], metric: string): number {
  if (shape.length === 2 && (shape[1] as number) > 1) return shape[1] as number
  throw shapeError(shape, metric, '[N, C]')
}

/** The error for outputs a metric has no meaning for. */
export function shapeError(shape: readonly number[], metric: string, expected: string): DataError {
  return new DataError(`metric ${metric}: expected outputs of shape ${expected}, got [${shape.join(', ')}]`, {
    hint: 'Choose another output with --output-name or another metric with --metric',
  })
}

/**
 * Decides every row: the largest of C scores, ties to the lowest index; a single score against the threshold, where a tie is class 0.
 *
 * @param shape `[N]`, `[N, 1]` or `[..., C]`.
 * @param threshold for single scores.
 */
export function decide(scores: Float32Array | Float64Array, shape: readonly number[], threshold: number): ClassScores {
  if (isSingleScore(shape)) {
    const chosen = Int32Array.from(scores, (score) => (Number.isNaN(score) ? -1 : Number(score > threshold)))
    return {rows: scores.length, classes: 2, chosen}
  }
  const classes = shape.at(-1) as number
  const rows = scores.length / classes
  return {rows, classes, chosen: Int32Array.from({length: rows}, (_, row) => argmax(scores, row * classes, classes))}
}

function argmax(scores: Float32Array | Float64Array, start: number, classes: number): number {
  let best = 0
  for (let index = 0; index < classes; index++) {
    const score = scores[start + index] as number
    if (Number.isNaN(score)) return -1
    if (score > (scores[start + best] as number)) best = index
  }
  return best
}
