/** A protobuf message taken apart without its schema: contents that parse as a message are taken for one. */
export interface WireField {
  tag: number
  /** A number's bytes, a block's contents where they are no message, or the fields of a message. */
  body: Uint8Array | WireField[]
}

export const BLOCK = 2
const FIXED_BYTES: Readonly<Record<number, number>> = {1: 8, 5: 4}

/** @returns undefined when the bytes are no message. */
export function parseWire(bytes: Uint8Array, depth = 0): WireField[] | undefined {
  const fields: WireField[] = []
  let position = 0
  const varint = (): number | undefined => {
    let [value, scale] = [0, 1]
    for (let count = 0; count < 10 && position < bytes.length; count++) {
      const byte = bytes[position++] as number
      value += (byte & 127) * scale
      scale *= 128
      if (byte < 128) return value
    }
    return undefined
  }
  while (position < bytes.length) {
    const tag = varint()
    if (tag === undefined || tag < 8) return undefined
    const start = position
    const wireType = tag & 7
    const length = wireType === BLOCK ? varint() : (FIXED_BYTES[wireType] ?? 0)
    if (length === undefined || (wireType === 0 && varint() === undefined)) return undefined
    if (![0, 1, BLOCK, 5].includes(wireType) || position + length > bytes.length) return undefined
    const body = bytes.subarray(wireType === BLOCK ? position : start, position + length)
    position += length
    fields.push({tag, body: wireType === BLOCK && depth < 40 ? (messageIn(body, depth) ?? body) : body})
  }
  return fields
}

/** Short texts and lists of numbers parse as messages by chance; it does no harm. */
function messageIn(body: Uint8Array, depth: number): WireField[] | undefined {
  return body.length > 1 ? parseWire(body, depth + 1) : undefined
}

export function joinWire(fields: readonly WireField[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({tag, body}) => {
      const bytes = Array.isArray(body) ? joinWire(body) : body
      return (tag & 7) === BLOCK ? [varintOf(tag), varintOf(bytes.length), bytes] : [varintOf(tag), bytes]
    }),
  )
}

export function varintOf(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Uint8Array.of(...bytes, rest)
}

/** All lists of fields in a message: its own, and those of the messages inside. */
export function listsIn(fields: WireField[]): WireField[][] {
  return [fields, ...fields.flatMap(({body}) => (Array.isArray(body) ? listsIn(body) : []))]
}
