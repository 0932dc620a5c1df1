import {classAxis} from './class-axis.js'
import {shapeError} from './class-scores.js'

/** Labels of this value say that there is nothing to be right about: PyTorch's `ignore_index`. */
export const IGNORED_LABEL = -100

export interface LabelledRows {
  readonly outputs: Float32Array
  /** `[rows, classes]`, or as it was where there is one label per sample. */
  readonly shape: readonly number[]
  readonly labels: Float64Array | Float32Array
}

/**
 * Scores with a label per position as rows of classes, each with its label; those to ignore are left out. Scores with one label per
 * sample stay as they are.
 *
 * @throws DataError when labels and scores do not belong together.
 */
export function labelledRows(
  outputs: Float32Array,
  shape: readonly number[],
  labels: Float64Array | Float32Array,
  metric: string,
): LabelledRows {
  const [samples = 0] = shape
  if (shape.length < 3) return {outputs, shape, labels}
  const axis = classAxis(shape, [labels.length / samples])
  if (axis === undefined)
    throw shapeError(shape, metric, `[N, C] or a row of classes for each of ${labels.length} labels`)
  const classes = shape[axis] as number
  const rows = classesLast(outputs, shape, axis)
  const kept = Array.from(labels.keys()).filter((row) => labels[row] !== IGNORED_LABEL)
  if (kept.length === labels.length) return {outputs: rows, shape: [labels.length, classes], labels}
  const scores = new Float32Array(kept.length * classes)
  kept.forEach((row, index) => {
    scores.set(rows.subarray(row * classes, (row + 1) * classes), index * classes)
  })
  return {
    outputs: scores,
    shape: [kept.length, classes],
    labels: Float64Array.from(kept, (row) => labels[row] as number),
  }
}

/** `[N, C, ...]` as `[N, ..., C]`. */
function classesLast(outputs: Float32Array, shape: readonly number[], axis: number): Float32Array {
  if (axis === shape.length - 1) return outputs
  const [samples = 0, classes = 0] = shape
  const places = outputs.length / (samples * classes)
  const moved = new Float32Array(outputs.length)
  for (let start = 0; start < outputs.length; start += classes * places) {
    for (let c = 0; c < classes; c++) {
      for (let place = 0; place < places; place++) {
        moved[start + place * classes + c] = outputs[start + c * places + place] as number
      }
    }
  }
  return moved
}
