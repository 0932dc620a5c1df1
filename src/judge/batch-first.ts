import {elementCount} from '../ir/tensor.js'
import type {Numbers} from '../metrics/kinds/kind-measure.js'

/** Numbers row-major in `dims`. */
export interface Laid {
  readonly data: Numbers
  readonly dims: readonly number[]
}

/** The same numbers with the axis that counts samples in front; those of one sample keep their order. Copies only where it must. */
export function batchFirst({data, dims}: Laid, axis: number): Laid {
  if (axis === 0) return {data, dims}
  const samples = dims[axis] ?? 1
  const shape = [samples, ...dims.filter((_, index) => index !== axis)]
  if (samples === 1) return {data, dims: shape}
  const inner = elementCount(dims.slice(axis + 1))
  const outer = data.length / Math.max(1, samples * inner)
  const moved = data.slice()
  for (let block = 0; block < outer; block++) {
    for (let sample = 0; sample < samples; sample++) {
      const from = (block * samples + sample) * inner
      moved.set(data.subarray(from, from + inner), (sample * outer + block) * inner)
    }
  }
  return {data: moved, dims: shape}
}
