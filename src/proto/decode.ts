import type {Reader as WireReader} from 'protobufjs'
import protobuf from 'protobufjs/minimal.js'
import type {ByteSource} from './byte-source.js'
import type {Bytes} from './byte-span.js'
import {type Field, type MessageType, messageTypes, type ScalarType} from './message-type.js'
import type {Messages, TensorProto} from './messages.js'
import {asWireError, WireError} from './wire-error.js'

/**
 * Decodes by the schema with protobufjs's reader. protobufjs's own reflection is not used: it loads 25 ms slower, drops int64 into
 * Long objects, turns packed lists into arrays of boxed numbers, and would need the weights in memory.
 */

/** Google's own readers stop at 100 nested messages, so nobody can load a deeper file; an If inside an If takes three. */
export const MAX_DEPTH = 100

/** Several times the largest graphs known: a small file of empty messages must not fill the memory. */
const MAX_MESSAGES = 1_500_000

/** A tag and a length, each a varint of at most 10 bytes. */
const HEADER_BYTES = 20
const VARINT = 0
const FIXED64 = 1
const BLOCK = 2
const GROUP = 3
const FIXED32 = 5

const WIRE_TYPE: Record<ScalarType, number> = {
  int32: VARINT,
  int64: VARINT,
  uint64: VARINT,
  float: FIXED32,
  double: FIXED64,
  string: BLOCK,
  bytes: BLOCK,
}

export interface DecodeOptions {
  /** Called for each tensor, wherever it stands, once it is decoded; may change it. */
  onTensor?(tensor: TensorProto): void
}

type Decoded = Record<string, unknown> & {unknownFields?: Uint8Array[]}

/**
 * @returns the message; `bytes` fields are views of `source.bytes`, or spans where the source defers them.
 * @throws WireError when the bytes are no such message.
 */
export function decode<K extends keyof Messages>(
  name: K,
  source: ByteSource,
  options: DecodeOptions = {},
): Messages[K] {
  const type = messageTypes().get(name)
  if (!type) throw new Error(`onnx.proto has no message ${name}`)
  const reader = protobuf.Reader.create(source.bytes)
  try {
    return new Decoder(reader, source, options).message(type, source.bytes.length, 0) as Messages[K]
  } catch (error) {
    throw asWireError(error, reader.pos)
  }
}

class Decoder {
  #messages = 0

  constructor(
    private readonly reader: WireReader,
    private readonly source: ByteSource,
    private readonly options: DecodeOptions,
  ) {}

  message(type: MessageType, end: number, depth: number): Decoded {
    const reader = this.reader
    if (depth > MAX_DEPTH) throw new WireError(`messages nested deeper than ${MAX_DEPTH}`, reader.pos)
    if (++this.#messages > MAX_MESSAGES) throw new WireError(`more than ${MAX_MESSAGES} messages`, reader.pos)
    const message: Decoded = {}
    while (reader.pos < end) {
      this.source.load(reader.pos, Math.min(reader.pos + HEADER_BYTES, end))
      const start = reader.pos
      const tag = reader.tag()
      const field = type.fields.get(tag >>> 3)
      if (!field || !this.#read(message, field, tag & 7, end, depth)) this.#keepUnknown(message, start, tag, end)
    }
    if (reader.pos !== end) throw new WireError(`${type.name} runs over its end`, reader.pos)
    if (type.name === 'TensorProto') this.options.onTensor?.(message)
    return message
  }

  /** Reads a field of the schema; false when the file has it in a form the schema does not foresee. */
  #read(message: Decoded, field: Field, wireType: number, end: number, depth: number): boolean {
    const {name, scalar} = field
    if (wireType === BLOCK && (field.packed || field.message || scalar === 'string' || scalar === 'bytes')) {
      const stop = this.#block(end)
      store(message, field, field.message ? this.message(field.message, stop, depth + 1) : this.#contents(field, stop))
      return true
    }
    if (!scalar) return false
    if (wireType === BLOCK && field.repeated) this.#packed(message, name, scalar, end)
    else if (wireType !== WIRE_TYPE[scalar]) return false
    else store(message, field, field.packed ? this.#blockOfOne(wireType) : this.#number(scalar))
    return true
  }

  /** Reads a length and checks it against what is there. @returns where the block ends. */
  #block(end: number): number {
    const length = this.reader.uint32()
    const stop = this.reader.pos + length
    if (stop > end)
      throw new WireError(`a field claims ${length} bytes where ${end - this.reader.pos} are left`, this.reader.pos)
    return stop
  }

  #contents(field: Field, stop: number): string | Bytes {
    const start = this.reader.pos
    this.reader.pos = stop
    const deferred = field.packed || field.name === 'rawData' ? this.source.defer(start, stop) : undefined
    if (deferred) return deferred
    this.source.load(start, stop)
    const bytes = this.source.bytes.subarray(start, stop)
    return field.scalar === 'string' ? textOf(bytes) : bytes
  }

  /** A list that proto2 writes unpacked, packed by a newer writer. */
  #packed(message: Decoded, name: string, scalar: ScalarType, end: number): void {
    const stop = this.#block(end)
    this.source.load(this.reader.pos, stop)
    const list = (message[name] ?? []) as unknown[]
    message[name] = list
    while (this.reader.pos < stop) list.push(this.#number(scalar))
  }

  /** A number outside a block, by a writer that ignores `packed`: a block with one number is the same. */
  #blockOfOne(wireType: number): Uint8Array {
    const start = this.reader.pos
    this.reader.skipType(wireType)
    return this.source.bytes.subarray(start, this.reader.pos)
  }

  #number(scalar: ScalarType): number | bigint {
    const reader = this.reader
    if (scalar === 'float') return reader.float()
    if (scalar === 'double') return reader.double()
    if (scalar === 'int32') return reader.int32()
    const {low, high} = reader.int64()
    const value = (BigInt(high) << 32n) | BigInt(low >>> 0)
    return scalar === 'uint64' ? BigInt.asUintN(64, value) : value
  }

  #keepUnknown(message: Decoded, start: number, tag: number, end: number): void {
    const [reader, wireType] = [this.reader, tag & 7]
    if (wireType === BLOCK) reader.pos = this.#block(end)
    else {
      if (wireType === GROUP) this.source.load(start, end)
      reader.skipType(wireType, 0, tag >>> 3)
    }
    this.source.load(start, reader.pos)
    message.unknownFields ??= []
    message.unknownFields.push(this.source.bytes.subarray(start, reader.pos))
  }
}

function store(message: Decoded, field: Field, value: unknown): void {
  if (!field.repeated) {
    message[field.name] = value
    return
  }
  const list = message[field.name] as unknown[] | undefined
  if (list) list.push(value)
  else message[field.name] = [value]
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
