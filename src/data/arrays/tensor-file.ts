import {readFile, stat} from 'node:fs/promises'
import {DataError} from '../../errors.js'
import {arrayTypeOf, byteLengthOf, DTYPE_BY_CODE, type DType, isFloat, type TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import {memorySource} from '../../proto/byte-source.js'
import {bytesOf} from '../../proto/byte-span.js'
import {decode} from '../../proto/decode.js'
import {EXTERNAL, type TensorProto} from '../../proto/messages.js'
import {joinBlocks, unpackInt32, unpackInt64, unpackUint32} from '../../proto/packed.js'
import {WireError} from '../../proto/wire-error.js'

/** A tensor of its own file, as ONNX's test data has them. */
export interface StoredTensor {
  /** Often empty. */
  readonly name: string
  readonly where: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: TypedArray
}

/** Test tensors are read whole: this is many batches of any real input. */
const MAX_FILE_BYTES = 2 ** 30

/** Reads a serialized TensorProto. @throws DataError for another message, a type that is no number, or data that is not all there. */
export async function readTensorFile(path: string): Promise<StoredTensor> {
  const {size} = await stat(path)
  if (size > MAX_FILE_BYTES) throw fault(path, `at most ${MAX_FILE_BYTES} bytes`, `${size} bytes`)
  try {
    return tensorOf(decode('TensorProto', memorySource(await readFile(path))), path)
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause
    throw fault(path, 'an ONNX TensorProto', `something else or a damaged file (${cause.reason})`, cause)
  }
}

function tensorOf(proto: TensorProto, path: string): StoredTensor {
  const dtype = DTYPE_BY_CODE[proto.dataType ?? 0]
  const shape = (proto.dims ?? []).map(Number)
  if (!dtype) throw fault(path, 'an ONNX TensorProto with an element type', `type ${proto.dataType ?? 'none'}`)
  if (dtype === 'bfloat16' || (!isFloat(dtype) && !/^(u?int(8|16|32|64)|bool)$/.test(dtype))) {
    throw fault(path, 'numbers that can be fed', dtype)
  }
  if (proto.dataLocation === EXTERNAL) throw fault(path, 'the data in the file', 'a reference to another file')
  if (shape.some((length) => length <= 0)) throw fault(path, 'data', `the empty shape [${shape.join(', ')}]`)
  return {name: proto.name ?? '', where: path, dtype, shape, data: dataOf(proto, dtype, shape, path)}
}

function dataOf(proto: TensorProto, dtype: DType, shape: readonly number[], path: string): TypedArray {
  const count = elementCount(shape)
  const needed = byteLengthOf(dtype, count)
  const fixed = dtype === 'float32' ? proto.floatData : dtype === 'float64' ? proto.doubleData : undefined
  const raw = proto.rawData ? bytesOf(proto.rawData) : fixed && joinBlocks(fixed)
  const claim = `${needed} bytes for [${shape.join(', ')}] ${dtype}`
  if (raw) {
    if (raw.byteLength !== needed) throw fault(path, claim, `${raw.byteLength}`)
    // a copy, aligned for its type
    return new (arrayTypeOf(dtype))(Uint8Array.from(raw).buffer)
  }
  // a number takes a byte at least: checked before anything of the claimed size is made
  const blocks =
    (/64|uint32/.test(dtype) ? (dtype === 'int64' ? proto.int64Data : proto.uint64Data) : proto.int32Data) ?? []
  if (blocks.reduce((sum, block) => sum + block.byteLength, 0) < count) throw fault(path, claim, 'fewer')
  const data = new (arrayTypeOf(dtype))(count)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) unpackInt64(blocks, data)
  else if (data instanceof Uint32Array) unpackUint32(blocks, data)
  else unpackInt32(blocks, data)
  return data
}

function fault(path: string, expected: string, got: string, cause?: unknown): DataError {
  return new DataError(`${path}: expected ${expected}, got ${got}`, {
    cause,
    hint: 'Write it with onnx.numpy_helper.from_array(...).SerializeToString()',
  })
}
