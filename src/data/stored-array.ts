import {DataError} from '../errors.js'
import type {TypedArray} from '../ir/dtype.js'
import {elementCount} from '../ir/tensor.js'
import {type ByteReader, type ByteSource, requireBytes} from './byte-source.js'
import {type ElementType, elementBytes, elementsOf} from './element-type.js'
import {fortranRows} from './fortran-rows.js'
import type {RowReader, SampleArray} from './sample-array.js'
import type {SampleOrder} from './sample-order.js'

/** Where and how a dense array lies in a byte source. */
export interface StoredLayout {
  readonly name: string
  readonly bytes: ByteSource
  readonly dataOffset: number
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly fortranOrder?: boolean
  readonly isPixels?: boolean
}

/**
 * An array that is read from its file row by row.
 * Memory: one read for plain files, or for compressed ones in file order; the chosen samples for a shuffled compressed
 * array; the whole array for Fortran order, whose rows are scattered over the file.
 *
 * @throws DataError when the header claims more data than the file can hold.
 */
export function storedArray(layout: StoredLayout): SampleArray {
  const {name, bytes, dataOffset, type, shape, isPixels = false} = layout
  const sizeBytes = elementCount(shape) * elementBytes(type)
  const claim = `shape [${shape.join(', ')}] ${type.dtype}`
  if (!Number.isSafeInteger(sizeBytes)) throw new DataError(`${bytes.where}: the array of ${claim} is too large`)
  requireBytes(bytes, dataOffset + sizeBytes, claim)
  return {name, where: bytes.where, dtype: type.dtype, shape, isPixels, open: (order) => openRows(layout, order)}
}

async function openRows(layout: StoredLayout, order: SampleOrder): Promise<RowReader> {
  const reader = await layout.bytes.open()
  const rows = {...layout, reader, rowBytes: elementCount(layout.shape.slice(1)) * elementBytes(layout.type)}
  if (layout.fortranOrder && layout.shape.length > 1) {
    return fortranRows(await readWhole(rows), layout.type.dtype, layout.shape, order)
  }
  if (order.start !== undefined) return consecutiveRows(rows, order.start)
  return layout.bytes.sequential ? gatheredRows(rows, order) : scatteredRows(rows, order)
}

interface OpenRows extends StoredLayout {
  readonly reader: ByteReader
  readonly rowBytes: number
}

async function readWhole({reader, dataOffset, type, shape, rowBytes}: OpenRows): Promise<TypedArray> {
  try {
    return elementsOf(await reader.read(dataOffset, (shape[0] ?? 0) * rowBytes), type)
  } finally {
    await reader.close()
  }
}

function consecutiveRows({reader, dataOffset, type, rowBytes}: OpenRows, start: number): RowReader {
  return {
    async read(from, count) {
      return elementsOf(await reader.read(dataOffset + (start + from) * rowBytes, count * rowBytes), type)
    },
    close: () => reader.close(),
  }
}

function scatteredRows({reader, dataOffset, type, rowBytes}: OpenRows, order: SampleOrder): RowReader {
  return {
    async read(from, count) {
      const all = Buffer.allocUnsafeSlow(count * rowBytes)
      for (let row = 0; row < count; row++) {
        const bytes = await reader.read(dataOffset + order.at(from + row) * rowBytes, rowBytes)
        bytes.copy(all, row * rowBytes)
      }
      return elementsOf(all, type)
    },
    close: () => reader.close(),
  }
}

/** Compressed bytes only go forward: one pass picks the chosen rows, in file order, into their places. */
async function gatheredRows({reader, dataOffset, type, rowBytes}: OpenRows, order: SampleOrder): Promise<RowReader> {
  const chosen = Buffer.allocUnsafeSlow(order.count * rowBytes)
  const positions = Uint32Array.from({length: order.count}, (_, position) => position)
  positions.sort((a, b) => order.at(a) - order.at(b))
  try {
    for (const position of positions) {
      const bytes = await reader.read(dataOffset + order.at(position) * rowBytes, rowBytes)
      bytes.copy(chosen, position * rowBytes)
    }
  } finally {
    await reader.close()
  }
  return {
    async read(from, count) {
      // a copy, because elementsOf swaps in place and the caller may modify what it gets
      const rows = Buffer.allocUnsafeSlow(count * rowBytes)
      chosen.copy(rows, 0, from * rowBytes)
      return elementsOf(rows, type)
    },
    close: async () => undefined,
  }
}
