import type {Numbers} from './kind-measure.js'

/** A probability below float32's epsilon counts as that. */
const LEAST = 2 ** -23

/** Where the scores of one decision stand. */
export interface Row {
  readonly start: number
  readonly count: number
  readonly step: number
}

/**
 * Kullback–Leibler divergence KL(reference ‖ other) of two rows of class scores, in nats. Scores that are probabilities of one class
 * (none negative, their sum 1) are taken as they are, others through a softmax.
 */
export function divergence(reference: Numbers, other: Numbers, row: Row): number {
  const [p, q] = [probabilities(reference, row), probabilities(other, row)]
  let sum = 0
  for (let column = 0; column < row.count; column++) {
    const own = p[column] as number
    if (own > 0) sum += own * Math.log(own / Math.max(q[column] as number, LEAST))
  }
  return Math.max(0, sum)
}

function probabilities(scores: Numbers, {start, count, step}: Row): Float64Array {
  const row = Float64Array.from({length: count}, (_, column) => scores[start + column * step] as number)
  const sum = row.reduce((total, score) => total + score, 0)
  if (Math.abs(sum - 1) < 1e-3 && row.every((score) => score >= 0)) return row
  const peak = row.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const powers = row.map((score) => Math.exp(score - peak))
  const total = powers.reduce((partial, power) => partial + power, 0)
  return powers.map((power) => power / total)
}
