import {ModelError, UnsupportedError} from '../errors.js'
import {
  arrayTypeOf,
  BITS,
  byteLengthOf,
  DTYPE_BY_CODE,
  type DType,
  type TensorData,
  type TypedArray,
} from '../ir/dtype.js'
import {elementCount, type Tensor, withSlices} from '../ir/tensor.js'
import {type Bytes, bytesOf, isSpan} from '../proto/byte-span.js'
import type {TensorProto} from '../proto/messages.js'
import {blocksLength, joinBlocks, unpackInt32, unpackInt64, unpackUint32} from '../proto/packed.js'
import {WireError} from '../proto/wire-error.js'
import {stamp} from './wire.js'

type List = 'floatData' | 'doubleData' | 'int64Data' | 'uint64Data' | 'int32Data'

const LISTS: Partial<Record<DType, List>> = {
  float32: 'floatData',
  complex64: 'floatData',
  float64: 'doubleData',
  complex128: 'doubleData',
  int64: 'int64Data',
  uint32: 'uint64Data',
  uint64: 'uint64Data',
}

/** Lists whose numbers have a fixed width, so that a block is the data itself. */
const FIXED: ReadonlySet<List> = new Set<List>(['floatData', 'doubleData'])

/**
 * A handle on a stored tensor; its `wire` is the message, so that an unchanged tensor is written back as it was.
 * What the tensor claims is compared with the bytes that are there before anything is allocated.
 *
 * @param proto its external data is already attached (DataFiles).
 * @throws ModelError when type, dimensions and data contradict each other; UnsupportedError for a type of a later ONNX.
 */
export function readTensor(proto: TensorProto, path: string): Tensor {
  const fail = (reason: string): ModelError =>
    new ModelError(`${path}: tensor '${proto.name ?? ''}': ${reason}`, {
      hint: 'The file is damaged or was written wrongly: export the model again',
    })
  const dtype = dtypeOf(proto, path)
  const shape = (proto.dims ?? []).map(Number)
  if (shape.some((size) => size < 0)) throw fail(`expected no negative dimension, got [${shape}]`)
  const fault = dataFault(proto, dtype, shape)
  if (fault) throw fail(fault)
  const read = (): TensorData => {
    try {
      return readData(proto, dtype, elementCount(shape))
    } catch (cause) {
      throw cause instanceof WireError ? fail(cause.reason) : cause
    }
  }
  const tensor = stamp({dtype, shape, read}, proto)
  const raw = rawOf(proto, dtype)
  const slices = raw && isSpan(raw) && dtype !== 'string' ? raw.slices : undefined
  return slices ? withSlices(tensor, () => typedPieces(slices(), dtype)) : tensor
}

function dtypeOf({dataType = 0, name = ''}: TensorProto, path: string): DType {
  const dtype = DTYPE_BY_CODE[dataType]
  if (dtype) return dtype
  if (dataType === 0) throw new ModelError(`${path}: tensor '${name}': expected an element type, got none`)
  const newest = DTYPE_BY_CODE.length - 1
  throw new UnsupportedError(
    `${path}: tensor '${name}': element type ${dataType} is newer than ${newest}, the last one mopt knows`,
  )
}

/** Why the bytes that are there cannot be the elements that are claimed; undefined when they can. */
function dataFault(proto: TensorProto, dtype: DType, shape: readonly number[]): string | undefined {
  const count = elementCount(shape)
  const what = `${dtype} [${shape}]`
  if (dtype === 'string') {
    const found = proto.stringData?.length ?? 0
    return found === count ? undefined : `${what} needs ${count} strings, got ${found}`
  }
  const needed = byteLengthOf(dtype, count)
  const raw = rawOf(proto, dtype)
  if (raw) return raw.byteLength === needed ? undefined : `${what} needs ${needed} bytes, got ${raw.byteLength}`
  const list = LISTS[dtype] ?? 'int32Data'
  const found = blocksLength(proto[list] ?? [])
  if (FIXED.has(list)) return found === needed ? undefined : `${what} needs ${needed} bytes, got ${found}`
  const numbers = listLength(dtype, count)
  // a number takes at least one byte; how many there are is known when they are read
  return numbers <= found ? undefined : `${what} needs ${numbers} numbers, got at most ${found}`
}

/** Numbers in the typed list: int32_data holds packed types a byte at a time. */
function listLength(dtype: DType, count: number): number {
  return BITS[dtype] < 8 ? byteLengthOf(dtype, count) : count
}

/** Raw data, unless it is empty because a typed list holds the elements. */
function rawOf(proto: TensorProto, dtype: DType): Bytes | undefined {
  const {rawData} = proto
  if (rawData && rawData.byteLength > 0) return rawData
  return (proto[LISTS[dtype] ?? 'int32Data'] ?? []).length > 0 ? undefined : (rawData ?? new Uint8Array(0))
}

function readData(proto: TensorProto, dtype: DType, count: number): TensorData {
  if (dtype === 'string') return (proto.stringData ?? []).map((bytes) => Buffer.from(bytes).toString('utf8'))
  const raw = rawOf(proto, dtype)
  if (raw) return viewAs(bytesOf(raw), dtype)
  const list = LISTS[dtype] ?? 'int32Data'
  const blocks = proto[list] ?? []
  if (FIXED.has(list)) return viewAs(joinBlocks(blocks), dtype)
  const data = new (arrayTypeOf(dtype))(listLength(dtype, count))
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) unpackInt64(blocks, data)
  else if (data instanceof Uint32Array) unpackUint32(blocks, data)
  else unpackInt32(blocks, data)
  return data
}

/** Pieces of a file as elements: they end between elements, because all but the last are of a size that every type divides. */
function* typedPieces(pieces: Iterable<Uint8Array>, dtype: DType): Iterable<TypedArray> {
  for (const piece of pieces) yield viewAs(piece, dtype)
}

/** The bytes as elements: a view, or a copy where they are not aligned in their buffer. */
function viewAs(bytes: Uint8Array, dtype: DType): TypedArray {
  const ArrayType = arrayTypeOf(dtype)
  const aligned = bytes.byteOffset % ArrayType.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
  return new ArrayType(aligned.buffer, aligned.byteOffset, aligned.byteLength / ArrayType.BYTES_PER_ELEMENT)
}
