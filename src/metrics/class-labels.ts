import {DataError} from '../errors.js'

/** @throws DataError unless there is one label per sample. */
export function requireLabelCount(labels: ArrayLike<number>, samples: number): void {
  if (labels.length === samples) return
  const isRow = samples > 0 && labels.length % samples === 0
  throw new DataError(`labels: expected ${samples}, one per sample, got ${labels.length}`, {
    ...(isRow && {hint: 'Turn one-hot labels into class numbers with argmax'}),
  })
}

/** @throws DataError unless there is one whole number in `0..classes − 1` per sample. */
export function requireClassLabels(labels: Float64Array | Float32Array, samples: number, classes: number): void {
  requireLabelCount(labels, samples)
  labels.forEach((label, sample) => {
    if (Number.isInteger(label) && label >= 0 && label < classes) return
    throw new DataError(`label of sample ${sample}: expected a class in 0..${classes - 1}, got ${label}`, {
      hint: 'Give labels that count classes from 0, or a metric for numeric targets such as --metric rmse',
    })
  })
}
