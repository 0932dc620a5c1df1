import type {Reader as WireReader} from 'protobufjs'
import protobuf from 'protobufjs/minimal.js'
import {type Bytes, bytesOf} from './byte-span.js'
import {asWireError, WireError} from './wire-error.js'

/** Blocks of a packed list put together: one after the other is what they mean. */
export function joinBlocks(blocks: readonly Bytes[]): Uint8Array {
  const [first] = blocks
  return first && blocks.length === 1 ? bytesOf(first) : Buffer.concat(blocks.map(bytesOf))
}

/** Bytes of all blocks of a packed list, without reading them. */
export function blocksLength(blocks: readonly Bytes[]): number {
  return blocks.reduce((sum, block) => sum + block.byteLength, 0)
}

/**
 * Reads varints of 32 bits into an integer array, which cuts them to its own width: int32_data also holds int8, bool and float16 bits.
 * @throws WireError unless there are exactly as many as the array holds.
 */
export function unpackInt32(
  blocks: readonly Bytes[],
  target: {[index: number]: number; readonly length: number},
): void {
  readNumbers(blocks, target.length, (reader, index) => {
    target[index] = reader.int32()
  })
}

/** The same for uint64_data with 32-bit elements, whose values fit into a number. */
export function unpackUint32(blocks: readonly Bytes[], target: Uint32Array): void {
  readNumbers(blocks, target.length, (reader, index) => {
    target[index] = reader.uint64().low
  })
}

/** The same for varints of 64 bits. */
export function unpackInt64(blocks: readonly Bytes[], target: BigInt64Array | BigUint64Array): void {
  const words = new Int32Array(target.buffer, target.byteOffset, 2 * target.length)
  readNumbers(blocks, target.length, (reader, index) => {
    const {low, high} = reader.int64()
    words[2 * index] = low
    words[2 * index + 1] = high
  })
}

function readNumbers(blocks: readonly Bytes[], count: number, read: (reader: WireReader, index: number) => void): void {
  const reader = protobuf.Reader.create(joinBlocks(blocks))
  let index = 0
  try {
    for (; reader.pos < reader.len && index < count; index++) read(reader, index)
  } catch (error) {
    throw asWireError(error, reader.pos)
  }
  if (index < count) throw new WireError(`expected ${count} numbers, got ${index}`, reader.pos)
  if (reader.pos < reader.len) throw new WireError(`expected ${count} numbers, got more`, reader.pos)
}
