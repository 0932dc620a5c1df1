import {roundHalfToEven} from './quantize-weight.js'

/** Smallest and largest value an activation took during calibration. */
export interface Range {
  readonly min: number
  readonly max: number
}

/** `x ≈ (q − zeroPoint) · scale`, q in 0..255. */
export interface ActivationScale {
  readonly scale: number
  readonly zeroPoint: number
}

const UINT8_MAX = 255
/** float32's smallest normal number: a smaller scale would be flushed to zero. */
const SMALLEST_SCALE = 1.17549435e-38

/**
 * Asymmetric uint8 scale and zero point for a range. Zero is always inside, so that padding and ReLU stay exact.
 *
 * @see ONNX operator QuantizeLinear; ONNX Runtime quant_utils.py compute_scale_zp.
 */
export function activationScale(range: Range): ActivationScale {
  const min = Math.min(range.min, 0)
  const max = Math.max(range.max, 0)
  const scale = Math.fround((max - min) / UINT8_MAX)
  if (scale < SMALLEST_SCALE) return {scale: 1, zeroPoint: 0}
  return {scale, zeroPoint: Math.max(0, Math.min(UINT8_MAX, roundHalfToEven(Math.fround(-min / scale))))}
}
