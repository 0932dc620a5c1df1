import protobuf from 'protobufjs/minimal.js'
import {type Bytes, bytesOf} from './byte-span.js'
import {WireError} from './wire-error.js'

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
  const reader = protobuf.Reader.create(joinBlocks(blocks))
  let count = 0
  for (; reader.pos < reader.len && count < target.length; count++) target[count] = reader.int32()
  checkCount(reader, count, target.length)
}

/** The same for uint64_data with 32-bit elements, whose values fit into a number. */
export function unpackUint32(blocks: readonly Bytes[], target: Uint32Array): void {
  const reader = protobuf.Reader.create(joinBlocks(blocks))
  let count = 0
  for (; reader.pos < reader.len && count < target.length; count++) target[count] = reader.uint64().low
  checkCount(reader, count, target.length)
}

/** The same for varints of 64 bits. */
export function unpackInt64(blocks: readonly Bytes[], target: BigInt64Array | BigUint64Array): void {
  const reader = protobuf.Reader.create(joinBlocks(blocks))
  const words = new Int32Array(target.buffer, target.byteOffset, 2 * target.length)
  let count = 0
  for (; reader.pos < reader.len && count < target.length; count++) {
    const {low, high} = reader.int64()
    words[2 * count] = low
    words[2 * count + 1] = high
  }
  checkCount(reader, count, target.length)
}

function checkCount(reader: {pos: number; len: number}, count: number, expected: number): void {
  if (count < expected) throw new WireError(`expected ${expected} numbers, got ${count}`, reader.pos)
  if (reader.pos < reader.len) throw new WireError(`expected ${expected} numbers, got more`, reader.pos)
}
