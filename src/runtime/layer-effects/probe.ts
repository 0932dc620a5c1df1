import {Tensor} from 'onnxruntime-node'
import {toFloat32} from '../session/to-float32.js'

/** In what outputs are measured: the divergence of classes along the last axis, or noise ÷ signal. */
export type Yardstick = 'KL' | 'noise'

/** What a row of probabilities may be off 1 by. */
const TOLERANCE = 1e-3
/** A class that is hardly ever taken must not outweigh all others. */
const LEAST_PROBABILITY = 1e-6

/**
 * A random weighting w of an output's elements, such that the mean of (w·Δ)² over draws is what a small change Δ of the output comes to:
 * the KL divergence per row of classes, or |Δ|² ÷ |y|².
 *
 * @param output float, as the float model gives it.
 * @param sign 1 or −1, as likely.
 * @returns float32, shaped like the output.
 */
export function probe(output: Tensor, yardstick: Yardstick, sign: () => number): Tensor {
  const values = toFloat32(output)
  const signs = Float32Array.from(values, sign)
  const weights = yardstick === 'KL' ? ofClasses(values, signs, output.dims.at(-1) ?? 1) : ofNumbers(values, signs)
  return new Tensor('float32', weights, output.dims)
}

function ofNumbers(values: Float32Array, signs: Float32Array): Float32Array {
  const energy = values.reduce((sum, value) => sum + value * value, 0)
  return signs.map((sign) => sign / Math.sqrt(Math.max(energy, Number.MIN_VALUE)))
}

/** KL ≈ ½ Σ Δp² ÷ p of probabilities; ½ Δᵀ(diag p − ppᵀ)Δ of scores in front of a softmax. */
function ofClasses(values: Float32Array, signs: Float32Array, classes: number): Float32Array {
  const rows = Math.max(1, values.length / classes)
  const weights = new Float32Array(values.length)
  const scale = 1 / Math.sqrt(2 * rows)
  for (let start = 0; start < values.length; start += classes) {
    const row = values.subarray(start, start + classes)
    const sum = row.reduce((total, value) => total + value, 0)
    const isProbability = Math.abs(sum - 1) < TOLERANCE && row.every((value) => value >= 0)
    const p = isProbability ? row : softmax(row)
    const roots = p.map((value) => Math.sqrt(Math.max(value, LEAST_PROBABILITY)))
    const mean = isProbability ? 0 : roots.reduce((total, root, i) => total + root * (signs[start + i] as number), 0)
    for (let i = 0; i < classes; i++) {
      const [sign, root] = [signs[start + i] as number, roots[i] as number]
      weights[start + i] = scale * (isProbability ? sign / root : sign * root - mean * (p[i] as number))
    }
  }
  return weights
}

function softmax(row: Float32Array): Float32Array {
  const most = row.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY)
  const powers = row.map((value) => Math.exp(value - most))
  const sum = powers.reduce((total, value) => total + value, 0)
  return powers.map((value) => value / sum)
}
