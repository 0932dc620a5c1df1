import {Histogram, type HistogramData} from '../../src/runtime/calibrate/histogram.js'

/** Deterministic values with a bell shape, for tests of statistics: the sum of four uniform numbers, −2..2. */
export function bellValues(count: number, of: (value: number) => number = (value) => value): Float32Array {
  let state = 12345
  const uniform = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state / 2 ** 32
  }
  return Float32Array.from({length: count}, () => of(uniform() + uniform() + uniform() + uniform() - 2))
}

export function extremes(values: Float32Array): {min: number; max: number} {
  return {min: values.reduce((a, b) => Math.min(a, b)), max: values.reduce((a, b) => Math.max(a, b))}
}

export function histogramOf(values: Float32Array): HistogramData {
  const histogram = new Histogram()
  histogram.add(values, extremes(values))
  return histogram.data()
}
