import {arrayTypeOf, type TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import {type RowReader, rowElementsOf, type SampleArray} from './sample-array.js'
import type {SampleOrder} from './sample-order.js'

/**
 * An array whose samples are read, inflated and decoded once and then stay in memory as they are stored: for data that is gone over
 * many times. One that would take more than the limit is read anew each time, as it is without.
 */
export function keptArray(array: SampleArray, limitBytes: number): SampleArray {
  const elements = elementCount(array.shape)
  const Elements = arrayTypeOf(array.dtype)
  if (elements * Elements.BYTES_PER_ELEMENT > limitBytes) return array
  // the system gives memory to what is written, so samples that are left out cost nothing
  const store: Store = {data: new Elements(elements), isKept: new Uint8Array(array.shape[0] ?? 0)}
  return {...array, open: (order) => openKept(array, store, order)}
}

interface Store {
  readonly data: TypedArray
  /** By sample: 1 for those that are there. */
  readonly isKept: Uint8Array
}

async function openKept(array: SampleArray, {data, isKept}: Store, order: SampleOrder): Promise<RowReader> {
  const missing = Uint32Array.from(missingOf(order, isKept))
  const source = missing.length > 0 ? await array.open(partOf(order, missing)) : undefined
  const rowElements = rowElementsOf(array)
  let fetched = 0

  async function fetch(end: number): Promise<void> {
    const from = fetched
    while (fetched < missing.length && (missing[fetched] as number) < end) fetched++
    if (!source || fetched === from) return
    const rows = await source.read(from, fetched - from)
    for (let row = from; row < fetched; row++) {
      const sample = order.at(missing[row] as number)
      const start = (row - from) * rowElements
      data.set(rows.subarray(start, start + rowElements) as never, sample * rowElements)
      isKept[sample] = 1
    }
  }

  return {
    async read(from, count, into) {
      await fetch(from + count)
      const rows = into ?? new (arrayTypeOf(array.dtype))(count * rowElements)
      for (let row = 0; row < count; row++) {
        const start = order.at(from + row) * rowElements
        rows.set(data.subarray(start, start + rowElements) as never, row * rowElements)
      }
      return rows
    },
    close: async () => source?.close(),
  }
}

/** Positions in the order, rising. */
function* missingOf(order: SampleOrder, isKept: Uint8Array): Generator<number> {
  for (let position = 0; position < order.count; position++) if (!isKept[order.at(position)]) yield position
}

function partOf(order: SampleOrder, positions: Uint32Array): SampleOrder {
  if (positions.length === order.count) return order
  const at = (index: number): number => positions[index] as number
  return {
    count: positions.length,
    start: undefined,
    at: (index) => order.at(at(index)),
    keptAt: (index) => order.keptAt(at(index)),
  }
}
