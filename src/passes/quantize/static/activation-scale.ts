import {roundHalfToEven} from '../numbers/round-half-to-even.js'

/** Smallest and largest value an activation took during calibration. */
export interface Range {
  readonly min: number
  readonly max: number
}

/** `x ≈ (q − zeroPoint) · scale`, q in 0..255, or −128..127 for int8. */
export interface ActivationScale {
  readonly scale: number
  readonly zeroPoint: number
}

/** Integers that activations become: both have 256 steps. */
export type ActivationType = 'uint8' | 'int8'

const STEPS = 255
const LOWEST: Readonly<Record<ActivationType, number>> = {uint8: 0, int8: -128}
/** float32's smallest normal number: a smaller scale would be flushed to zero. */
const SMALLEST_SCALE = 1.17549435e-38

/**
 * Asymmetric scale and zero point for a range. Zero is always inside, so that padding and ReLU stay exact.
 *
 * @see ONNX operator QuantizeLinear; ONNX Runtime quant_utils.py compute_scale_zp.
 */
export function activationScale(range: Range, type: ActivationType = 'uint8'): ActivationScale {
  const min = Math.min(range.min, 0)
  const max = Math.max(range.max, 0)
  const scale = Math.fround((max - min) / STEPS)
  if (scale < SMALLEST_SCALE) return {scale: 1, zeroPoint: LOWEST[type]}
  const fromLowest = Math.max(0, Math.min(STEPS, roundHalfToEven(Math.fround(-min / scale))))
  return {scale, zeroPoint: LOWEST[type] + fromLowest}
}
