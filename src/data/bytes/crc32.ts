import * as zlib from 'node:zlib'

type Crc32 = (bytes: Uint8Array, before?: number) => number

/** What a byte makes of 8 zero bits behind it, by the reversed polynomial. */
const TABLE = Uint32Array.from({length: 256}, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

/** The same as `crc32`, for versions of Node that lack it, at a fifth of the speed. */
export function tableCrc32(bytes: Uint8Array, before = 0): number {
  let rest = ~before
  for (const byte of bytes) rest = (TABLE[(rest ^ byte) & 0xff] as number) ^ (rest >>> 8)
  return ~rest >>> 0
}

/** CRC-32 of zip and gzip, going on from that of the bytes before. Node's own from 20.15 and 22.2 on. RFC 1952, section 8. */
export const crc32: Crc32 = (zlib as {readonly crc32?: Crc32}).crc32 ?? tableCrc32
