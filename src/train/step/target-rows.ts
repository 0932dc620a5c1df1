import type {BatchInput, Dataset} from '../../data/dataset.js'
import {DataError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import {IGNORED_LABEL} from '../../metrics/labelled-rows.js'
import type {TargetPort} from './step-loss.js'

/**
 * The labels of one batch as the step takes them.
 *
 * @param dataset in the order of the batches.
 * @param from first sample of the batch.
 * @throws DataError when there are none, when the step takes another number of them per sample, or for a class out of range.
 */
export function targetRows(
  port: TargetPort,
  {labels, labelShape}: Pick<Dataset, 'labels' | 'labelShape'>,
  from: number,
  path: string,
): BatchInput {
  const count = elementCount(port.shape)
  const each = count / (port.shape[0] ?? 1)
  if (!labels) {
    throw new DataError(`${path}: expected labels to train on, found none`, {
      hint: 'Name the file that holds them with --labels',
    })
  }
  if (each !== elementCount(labelShape)) {
    const got = labelShape.length === 0 ? 'one label per sample' : `labels of shape [N, ${labelShape.join(', ')}]`
    const message = `${path}: expected targets of shape [${port.shape.join(', ')}], got ${got}`
    throw new DataError(message, {hint: 'Choose an output with as many numbers per sample'})
  }
  const rows = labels.subarray(from * each, from * each + count)
  if (port.classes !== undefined) checkClasses(rows, port.classes, {path, isIgnored: port.shape.length > 1})
  if (port.dtype === 'float32') return {dtype: 'float32', shape: port.shape, data: Float32Array.from(rows)}
  return {dtype: 'int64', shape: port.shape, data: BigInt64Array.from(rows, BigInt)}
}

export interface ClassCheck {
  /** Of the data, for messages. */
  readonly path: string
  /** Positions may have no label: they hold `IGNORED_LABEL`. */
  readonly isIgnored?: boolean
  /** Classes are those of a sigmoid. */
  readonly areDecisions?: boolean
}

/** @throws DataError for a label that is no class of the model. */
export function checkClasses(
  labels: Float64Array,
  classes: number,
  {path, isIgnored = false, areDecisions = false}: ClassCheck,
): void {
  for (const label of labels) {
    if (Number.isInteger(label) && label >= 0 && label < classes) continue
    if (isIgnored && label === IGNORED_LABEL) continue
    throw new DataError(
      `${path}: expected ${areDecisions ? 'labels 0 and 1' : `classes 0 to ${classes - 1} as labels`}, got ${label}`,
      {
        hint: areDecisions
          ? 'The output is one decision by a sigmoid: give 0 for no and 1 for yes, or learn numbers with --loss mse'
          : `The model has one output per class${isIgnored ? `; ${IGNORED_LABEL} leaves a position out` : ''}`,
      },
    )
  }
}
