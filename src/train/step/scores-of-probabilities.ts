import {elementCount} from '../../ir/tensor.js'

/** What the numbers of an output mean to a loss: scores of classes along their last axis, of two-way decisions, or just numbers. */
export type ScoreKind = 'classes' | 'decisions' | 'numbers'

/** Probabilities under this count as this: a logarithm of 0 teaches nothing. */
const LEAST = 1e-7
/** How far a row of probabilities in float16 may be from 1. */
const SUM_TOLERANCE = 5e-3

/**
 * Turns probabilities back into scores, where a model gives them without a Softmax or Sigmoid that could be stepped over: a softmax of
 * their logarithms is what they were. Decided by the first batch, and then for all.
 */
export class ScoresOfProbabilities {
  #isProbability: boolean | undefined

  constructor(private readonly kind: ScoreKind) {}

  /** False before the first batch. */
  get isProbability(): boolean {
    return this.#isProbability ?? false
  }

  /** @param row sizes of a sample. @returns the values themselves when they are scores already. */
  of(values: Float32Array, row: readonly number[]): Float32Array {
    this.#isProbability ??=
      this.kind !== 'numbers' && isProbability(values, this.kind === 'classes' ? classesIn(row) : 1)
    if (!this.#isProbability) return values
    return this.kind === 'classes' ? values.map((p) => Math.log(Math.max(p, LEAST))) : values.map(logit)
  }
}

/**
 * Whether all values lie in 0..1, and those of each row add up to 1.
 *
 * @param rowLength 1 for decisions, which have no sum.
 */
export function isProbability(values: Float32Array, rowLength: number): boolean {
  if (!values.every((value) => value >= 0 && value <= 1)) return false
  if (rowLength === 1) return true
  for (let start = 0; start < values.length; start += rowLength) {
    const sum = values.subarray(start, start + rowLength).reduce((total, value) => total + value, 0)
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return false
  }
  return true
}

/** Of scores without a softmax, by the sizes of a sample: those of the last axis, but for images. */
export function classesIn(row: readonly number[]): number {
  const [, last = 1] = row
  return row.length === 2 && last > 1 ? last : elementCount(row)
}

function logit(p: number): number {
  const held = Math.min(1 - LEAST, Math.max(LEAST, p))
  return Math.log(held / (1 - held))
}
