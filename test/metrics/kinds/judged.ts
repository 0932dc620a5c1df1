import type {Kept, KindMeasure} from '../../../src/metrics/kinds/kind-measure.js'

/** What a measure says of one batch of two models' numbers, row-major in `dims`. */
export function judged(
  measure: KindMeasure,
  reference: readonly number[],
  other: readonly number[],
  dims: readonly number[],
): Kept {
  measure.add({reference: Float32Array.from(reference), other: Float32Array.from(other), dims})
  return measure.result()
}
