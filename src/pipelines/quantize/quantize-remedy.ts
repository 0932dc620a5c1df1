import type {QuantizeOptions} from '../../options/quantize.js'
import {isPackedType} from '../../passes/quantize/numbers/weight-type.js'

/**
 * The one next thing to try when a quantized model lost too much, in the order in which forms keep more: other ranges, float
 * arithmetic, more bits.
 *
 * @param mode what `--mode` came to: the form of some layer, the fastest one named.
 */
export function quantizeRemedy(
  {quantize: {weights, calibration}}: Pick<QuantizeOptions, 'quantize'>,
  mode: string,
): string {
  if (isPackedType(weights)) return `try --weights int8: ${weights} is too coarse for some of its layers`
  if (mode === 'static' && calibration === 'minmax')
    return 'try --calibration mse: rare extremes may have widened the ranges'
  if (mode === 'static' || mode === 'dynamic') return 'try --mode weights: the same size, with arithmetic in float'
  if (mode === 'weights') return 'try --mode float16, or leave the layers that break in float with --exclude'
  return 'leave the layers that break in float with --exclude'
}
