import {isSingleScore, thresholdOf} from './class-scores.js'

/** Sums of float32 softmax outputs stay well inside this. */
const SUM_TOLERANCE = 1e-3

/**
 * Logarithms of class probabilities, `[N, C]`. A single score per sample becomes two classes through the sigmoid unless
 * all scores are in 0..1; rows of C scores go through softmax unless each is in 0..1 and sums to 1.
 */
export function logProbabilities(
  outputs: Float32Array,
  shape: readonly number[],
): {logs: Float64Array; classes: number} {
  if (isSingleScore(shape)) return {logs: binaryLogs(outputs), classes: 2}
  const classes = shape[1] as number
  const logs = new Float64Array(outputs.length)
  const shiftOf = shifts(outputs, classes)
  for (let start = 0; start < outputs.length; start += classes) {
    const shift = shiftOf?.(start)
    outputs.subarray(start, start + classes).forEach((score, index) => {
      logs[start + index] = shift === undefined ? Math.log(score) : score - shift
    })
  }
  return {logs, classes}
}

/** The same one by one, without an array of as many numbers as there are outputs: a language model has thousands for each token. */
export function logProbabilityOf(
  outputs: Float32Array,
  shape: readonly number[],
): {classes: number; logOf(row: number, label: number): number} {
  if (isSingleScore(shape)) {
    const logs = binaryLogs(outputs)
    return {classes: 2, logOf: (row, label) => logs[2 * row + label] as number}
  }
  const classes = shape[1] as number
  const shiftOf = shifts(outputs, classes)
  const logOf = (row: number, label: number): number => {
    const score = outputs[row * classes + label] as number
    return shiftOf ? score - shiftOf(row * classes) : Math.log(score)
  }
  return {classes, logOf}
}

/** What to subtract from the scores of the row that starts at a place; undefined for probabilities. */
function shifts(outputs: Float32Array, classes: number): ((start: number) => number) | undefined {
  if (areProbabilities(outputs, classes)) return undefined
  return (start) => logSumExp(outputs.subarray(start, start + classes))
}

function areProbabilities(outputs: Float32Array, classes: number): boolean {
  if (thresholdOf(outputs) === 0) return false
  for (let start = 0; start < outputs.length; start += classes) {
    const sum = outputs.subarray(start, start + classes).reduce((total, score) => total + score, 0)
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return false
  }
  return true
}

function logSumExp(row: Float32Array): number {
  const peak = row.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  return peak + Math.log(row.reduce((sum, score) => sum + Math.exp(score - peak), 0))
}

function binaryLogs(outputs: Float32Array): Float64Array {
  const already = thresholdOf(outputs) === 0.5
  const logs = new Float64Array(outputs.length * 2)
  outputs.forEach((score, sample) => {
    logs[2 * sample] = already ? Math.log1p(-score) : logSigmoid(-score)
    logs[2 * sample + 1] = already ? Math.log(score) : logSigmoid(score)
  })
  return logs
}

/** Stable on both sides. */
function logSigmoid(score: number): number {
  return score >= 0 ? -Math.log1p(Math.exp(-score)) : score - Math.log1p(Math.exp(score))
}
