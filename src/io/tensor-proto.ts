import {BugError} from '../errors.js'
import {byteLengthOf, dtypeCode, type TensorData, type TypedArray} from '../ir/dtype.js'
import {elementCount, slicesOf, type Tensor} from '../ir/tensor.js'
import type {ByteSpan, Bytes} from '../proto/byte-span.js'
import type {TensorProto} from '../proto/messages.js'
import {tensorWire} from './wire.js'

/**
 * The message of a tensor: the file's own where it came from a file, else its data as raw_data, computed only when it is written.
 * Strings go into string_data.
 */
export function tensorProto(tensor: Tensor, name?: string): TensorProto {
  const named = name === undefined ? {} : {name}
  const wire = tensorWire(tensor)
  if (wire) return {...wire, ...named}
  const header = {dims: tensor.shape.map(BigInt), dataType: dtypeCode(tensor.dtype), ...named}
  if (tensor.dtype !== 'string') return {...header, rawData: spanOf(tensor, name ?? '')}
  return {...header, stringData: (tensor.read() as string[]).map((text) => Buffer.from(text))}
}

/** The same tensor with its data as raw bytes, whatever form the file gave it: only those may stand in a data file. */
export function rawTensorProto(tensor: Tensor, proto: TensorProto): TensorProto & {rawData: Bytes} {
  const {floatData, doubleData, int32Data, int64Data, uint64Data, ...rest} = proto
  const typed = [floatData, doubleData, int32Data, int64Data, uint64Data].some((list) => list && list.length > 0)
  const rawData = typed || !rest.rawData ? spanOf(tensor, proto.name ?? '') : rest.rawData
  return {...rest, rawData}
}

function spanOf(tensor: Tensor, name: string): ByteSpan {
  const byteLength = byteLengthOf(tensor.dtype, elementCount(tensor.shape))
  const check = (found: number): void => {
    if (found === byteLength) return
    const what = `${tensor.dtype} [${tensor.shape}]`
    throw new BugError(`tensor '${name}': expected ${byteLength} bytes for ${what}, got ${found}`)
  }
  const read = (): Uint8Array => {
    const bytes = rawBytes(tensor.read())
    check(bytes.byteLength)
    return bytes
  }
  const slices = slicesOf(tensor)
  return slices ? {byteLength, read, slices: () => rawPieces(slices(), check)} : {byteLength, read}
}

function* rawPieces(pieces: Iterable<TypedArray>, check: (found: number) => void): Iterable<Uint8Array> {
  let byteLength = 0
  for (const piece of pieces) {
    byteLength += piece.byteLength
    yield rawBytes(piece)
  }
  check(byteLength)
}

function rawBytes(data: TensorData): Uint8Array {
  if (Array.isArray(data)) throw new BugError('strings have no raw bytes')
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
