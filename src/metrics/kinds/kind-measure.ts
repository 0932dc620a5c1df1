export type Numbers = Float32Array | Float64Array

/** One output of a reference and of another model for the same samples: row-major in `dims`. */
export interface OutputPair {
  readonly reference: Numbers
  readonly other: Numbers
  readonly dims: readonly number[]
}

/** What of the reference's answers the other model keeps. */
export interface Kept {
  /** What `value` is: `same labels`, `F1`, `IoU`. */
  readonly measure: string
  /** 0..1, 1 when all is kept; null when there was nothing to judge by. */
  readonly value: number | null
  /** Why there is no value. */
  readonly reason?: string
  /** What else is known: `positives`, `threshold`, `kl`. */
  readonly details: Readonly<Record<string, number>>
}

/** Sums up one output over batches, by what it means. Nothing grows with the samples but where the class says so. */
export interface KindMeasure {
  add(pair: OutputPair): void
  result(): Kept
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}

/** Column of the largest of `count` numbers from `start` on, `step` apart; ties to the lowest, −1 when one is no number. */
export function largest(values: Numbers, start: number, count: number, step = 1): number {
  let best = -1
  let most = Number.NEGATIVE_INFINITY
  for (let column = 0; column < count; column++) {
    const value = values[start + column * step] as number
    if (Number.isNaN(value)) return -1
    if (value > most || best < 0) [best, most] = [column, value]
  }
  return best
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
