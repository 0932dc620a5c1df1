import type {BatchInput} from '../data/dataset.js'
import {DataError} from '../errors.js'
import {elementCount} from '../ir/tensor.js'
import type {TargetPort} from './step-loss.js'

/**
 * The labels of one batch as the step takes them.
 *
 * @param labels one number per sample, in the order of the batches.
 * @param from first sample of the batch.
 * @throws DataError when there are none, when the step takes several numbers per sample, or for a class out of range.
 */
export function targetRows(port: TargetPort, labels: Float64Array | undefined, from: number, path: string): BatchInput {
  const count = elementCount(port.shape)
  if (!labels) {
    throw new DataError(`${path}: expected labels to train on, found none`, {
      hint: 'Name the file that holds them with --labels',
    })
  }
  if (count !== port.shape[0]) {
    const message = `${path}: expected targets of shape [${port.shape.join(', ')}], got one label per sample`
    throw new DataError(message, {hint: 'Choose an output with one number per sample'})
  }
  const rows = labels.subarray(from, from + count)
  if (port.classes !== undefined) checkClasses(rows, port.classes, path)
  if (port.dtype === 'float32') return {dtype: 'float32', shape: port.shape, data: Float32Array.from(rows)}
  return {dtype: 'int64', shape: port.shape, data: BigInt64Array.from(rows, BigInt)}
}

/** @throws DataError for a label that is no class of the model. */
export function checkClasses(labels: Float64Array, classes: number, path: string): void {
  for (const label of labels) {
    if (Number.isInteger(label) && label >= 0 && label < classes) continue
    throw new DataError(`${path}: expected classes 0 to ${classes - 1} as labels, got ${label}`, {
      hint: 'The model has one output per class',
    })
  }
}
