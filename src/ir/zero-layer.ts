import {type RowLayout, rowPeaks} from './layer-profile.js'
import {magnitudeThreshold, zeroSmallest} from './magnitude-threshold.js'

/** Beyond every weight. */
const KEPT = 3.4028234663852886e38

/**
 * Sets the smallest elements of a weight to zero, in place, ties in storage order: exactly as many as said. The largest of each row
 * stays as long as there is another, then those of the largest rows.
 *
 * @param values finite
 */
export function zeroLayer(values: Float32Array, layout: RowLayout, zeros: number): void {
  if (zeros === 0) return
  const size = (index: number) => Math.abs(values[index] as number)
  const peaks = rowPeaks(values, layout).sort((a, b) => size(b) - size(a))
  const kept = peaks.slice(0, values.length - zeros)
  const numbers = kept.map((index) => values[index] as number)
  for (const index of kept) values[index] = KEPT
  zeroSmallest(values, magnitudeThreshold(zeros, values))
  kept.forEach((index, i) => {
    values[index] = numbers[i] as number
  })
}
