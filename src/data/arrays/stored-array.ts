import {DataError} from '../../errors.js'
import type {TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {ByteReader, ByteSource} from '../bytes/byte-source.js'
import {type ElementType, elementBytes, elementsOf} from '../samples/element-type.js'
import type {RowReader, SampleArray} from '../samples/sample-array.js'
import type {SampleOrder} from '../samples/sample-order.js'
import {fortranRows} from './fortran-rows.js'

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
  if (bytes.isExact || bytes.limitBytes < dataOffset + sizeBytes) requireSize(layout, bytes.limitBytes)
  const array = {name, where: bytes.where, dtype: type.dtype, shape, isPixels}
  const verify = bytes.verify && {verify: (signal?: AbortSignal) => verifyStored(layout, signal)}
  return {...array, ...verify, open: (order: SampleOrder) => openRows(layout, order)}
}

/** @throws DataError when bytes, by their checksum or number, are not those that were written. */
async function verifyStored(layout: StoredLayout, signal?: AbortSignal): Promise<void> {
  const {bytes, dataOffset, type, shape} = layout
  const expected = dataOffset + elementCount(shape) * elementBytes(type)
  const found = await bytes.verify?.(expected, signal)
  if (!found) return
  if (found.fault === undefined) return requireSize(layout, found.sizeBytes)
  const place = found.sizeBytes < expected ? ` after ${rowsIn(layout, found.sizeBytes)}` : ''
  const message = `${bytes.where}: expected the data that was written, got damaged data${place} (${found.fault})`
  throw new DataError(message, {hint: 'Write or download the file again'})
}

/** @throws DataError unless so many bytes are just those of the header and all samples. */
function requireSize(layout: StoredLayout, sizeBytes: number): void {
  const {bytes, dataOffset, type, shape} = layout
  const claim = `shape [${shape.join(', ')}] ${type.dtype} of its header`
  const more = sizeBytes - dataOffset - elementCount(shape) * elementBytes(type)
  if (more === 0) return
  if (more > 0) {
    throw new DataError(`${bytes.where}: expected ${claim}, got ${more} bytes more`, {
      hint: 'Save one array per file; or the header is wrong: write or download the file again',
    })
  }
  const atMost = bytes.isExact || sizeBytes < bytes.limitBytes ? '' : 'at most '
  throw new DataError(`${bytes.where}: expected ${claim}, ends after ${atMost}${rowsIn(layout, sizeBytes)}`, {
    hint: 'The file is cut off or its header is wrong; write or download it again',
  })
}

/** `512 of 1,000 samples` */
function rowsIn({dataOffset, type, shape}: StoredLayout, sizeBytes: number): string {
  const rowBytes = elementCount(shape.slice(1)) * elementBytes(type)
  const whole = Math.max(0, Math.floor((sizeBytes - dataOffset) / rowBytes))
  return `${whole.toLocaleString('en')} of ${(shape[0] ?? 1).toLocaleString('en')} samples`
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
