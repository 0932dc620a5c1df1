import type {QuantizeOptions} from '../../options/quantize.js'

/**
 * Whether weights are integers and all else computes in float16. int8 weights, the type of those who name none, are so in the runtime's
 * blocks only: without, `--mode float16` makes float16 of them.
 */
export function hasHalfRest({
  mode,
  weights,
  format,
}: Pick<QuantizeOptions['quantize'], 'mode' | 'weights' | 'format'>): boolean {
  return mode === 'float16' && (weights !== 'int8' || format === 'ort')
}
