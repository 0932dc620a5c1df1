import type {Writer as WireWriter} from 'protobufjs'
import protobuf from 'protobufjs/minimal.js'
import {type Bytes, bytesOf} from './byte-span.js'
import {type Field, type MessageType, messageTypes, type ScalarType} from './message-type.js'
import type {Messages} from './messages.js'

/** An encoded message in pieces: spans stay unread, so a message of gigabytes is a list of small buffers and promises. */
export interface Encoded {
  readonly parts: readonly Bytes[]
  readonly byteLength: number
}

/** Below this a span is read and copied at once: a write call costs more than the copy. */
const INLINE_BYTES = 4096
const FIXED64 = 1
const BLOCK = 2
const FIXED32 = 5

type Source = Readonly<Record<string, unknown>> & {readonly unknownFields?: readonly Uint8Array[]}

/** Encodes fields in the order of their numbers, as every protobuf writer does, then the unknown ones. Deterministic. */
export function encode<K extends keyof Messages>(name: K, message: Messages[K]): Encoded {
  const type = messageTypes().get(name)
  if (!type) throw new Error(`onnx.proto has no message ${name}`)
  return encodeMessage(type, Object.fromEntries(Object.entries(message)))
}

/** The encoded message as one array: for small messages only. */
export function join({parts, byteLength}: Encoded): Uint8Array {
  const all = new Uint8Array(byteLength)
  let position = 0
  for (const part of parts) {
    all.set(bytesOf(part), position)
    position += part.byteLength
  }
  return all
}

function encodeMessage(type: MessageType, message: Source): Encoded {
  const pieces = new Pieces()
  for (const field of type.ordered) {
    const value = message[field.name]
    if (value === undefined) continue
    if (field.repeated) for (const item of value as readonly unknown[]) writeField(pieces, field, item)
    else writeField(pieces, field, value)
  }
  for (const bytes of message.unknownFields ?? []) pieces.writer.raw(bytes)
  return pieces.finish()
}

function writeField(pieces: Pieces, field: Field, value: unknown): void {
  if (field.message) {
    pieces.writer.uint32((field.number << 3) | BLOCK)
    pieces.block(encodeMessage(field.message, value as Source))
  } else if (field.packed || field.scalar === 'bytes') {
    const bytes = value as Bytes
    pieces.writer.uint32((field.number << 3) | BLOCK)
    pieces.block({parts: [bytes], byteLength: bytes.byteLength})
  } else if (field.scalar) writeScalar(pieces.writer, field.number, field.scalar, value)
}

function writeScalar(writer: WireWriter, number: number, scalar: ScalarType, value: unknown): void {
  const tag = number << 3
  if (scalar === 'string') writer.uint32(tag | BLOCK).string(value as string)
  else if (scalar === 'float') writer.uint32(tag | FIXED32).float(value as number)
  else if (scalar === 'double') writer.uint32(tag | FIXED64).double(value as number)
  else if (scalar === 'int32') writer.uint32(tag).int32(value as number)
  else writeInt64(writer.uint32(tag), value as bigint)
}

function writeInt64(writer: WireWriter, value: bigint): void {
  const low = Number(BigInt.asIntN(32, value))
  const high = Number(BigInt.asIntN(32, value >> 32n))
  writer.int64({low, high, unsigned: false} as protobuf.Long)
}

/** Small things go through protobufjs's writer, big spans past it. */
class Pieces {
  writer = protobuf.Writer.create()
  readonly #parts: Bytes[] = []
  #byteLength = 0

  /** A length and what it counts. Lengths over 4 GiB come out wrong: callers look at `byteLength` before they write. */
  block({parts, byteLength}: Encoded): void {
    this.writer.uint32(byteLength)
    for (const part of parts) {
      if (part.byteLength < INLINE_BYTES) this.writer.raw(bytesOf(part))
      else this.#push(part)
    }
  }

  finish(): Encoded {
    this.#flush()
    return {parts: this.#parts, byteLength: this.#byteLength}
  }

  #push(part: Bytes): void {
    this.#flush()
    this.#parts.push(part)
    this.#byteLength += part.byteLength
  }

  #flush(): void {
    const bytes = this.writer.finish()
    this.writer = protobuf.Writer.create()
    if (bytes.length === 0) return
    this.#parts.push(bytes)
    this.#byteLength += bytes.length
  }
}
