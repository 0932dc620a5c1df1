import type {OutputPair} from '../metrics/kinds/kind-measure.js'
import type {OutputKind} from '../results.js'
import type {ObservedRun} from '../runtime/compare/output-observer.js'

/** Kinds with an answer for each token. */
const PER_TOKEN: ReadonlySet<OutputKind> = new Set(['tokens', 'places', 'embedding'])

/** Rows of padding, where a mask of the same samples and tokens is 0, say nothing: they are left out. */
export function withoutMasked(pair: OutputPair, kind: OutputKind, {inputs}: ObservedRun): OutputPair {
  const {dims} = pair
  if (!PER_TOKEN.has(kind) || dims.length !== 3) return pair
  const places = dims.slice(0, 2).join()
  const mask = [...inputs].find(([name, input]) => /mask/i.test(name) && input.dims.join() === places)?.[1].data
  if (!mask) return pair
  const columns = dims[2] as number
  const kept = Array.from(mask as ArrayLike<number | bigint>, Number).flatMap((value, row) =>
    value === 0 ? [] : [row],
  )
  const rows = (values: OutputPair['reference']) => {
    const result = new Float64Array(kept.length * columns)
    kept.forEach((row, index) => {
      result.set(values.subarray(row * columns, (row + 1) * columns), index * columns)
    })
    return result
  }
  return {reference: rows(pair.reference), other: rows(pair.other), dims: [1, kept.length, columns]}
}
