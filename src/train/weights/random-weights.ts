import {uniformFloat64} from 'pure-rand/distribution/uniformFloat64'
import {mersenne} from 'pure-rand/generator/mersenne'
import {elementCount} from '../../ir/tensor.js'

/** Values spread evenly over `−bound … bound`. The same seed gives the same values everywhere. */
export function uniform(shape: readonly number[], bound: number, seed: number): Float32Array {
  const random = mersenne(seed)
  return Float32Array.from({length: elementCount(shape)}, () => (2 * uniformFloat64(random) - 1) * bound)
}

/** Values of a normal distribution around 0, by Box and Muller. */
export function normal(shape: readonly number[], deviation: number, seed: number): Float32Array {
  const random = mersenne(seed)
  return Float32Array.from({length: elementCount(shape)}, () => {
    // 1 − u: the logarithm of 0 must not be asked for
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)))
    return deviation * radius * Math.cos(2 * Math.PI * uniformFloat64(random))
  })
}
