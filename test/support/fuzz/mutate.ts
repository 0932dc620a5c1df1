import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import {BLOCK, joinWire, listsIn, parseWire, varintOf, type WireField} from './wire-tree.js'

/** Draws whole numbers in `[0, below)`. */
export type Draw = (below: number) => number

export function drawFrom(seed: number): Draw {
  const generator = xoroshiro128plus(seed)
  return (below) => (below > 1 ? uniformInt(generator, 0, below - 1) : 0)
}

/** Damage to bytes: whatever a disk, a network or a stranger does. */
const BYTE_MUTATIONS: Readonly<Record<string, (bytes: Uint8Array, draw: Draw) => Uint8Array>> = {
  'bit flips': (bytes, draw) => changed(bytes, draw, (byte) => byte ^ (1 << draw(8))),
  'random bytes': (bytes, draw) => changed(bytes, draw, () => draw(256)),
  'ends of varints': (bytes, draw) => changed(bytes, draw, (byte) => byte ^ 128),
  truncation: (bytes, draw) => bytes.subarray(0, draw(bytes.length)),
  'a hole': (bytes, draw) => without(bytes, draw(bytes.length), 1 + draw(16)),
  'a repeated part': (bytes, draw) => {
    const [from, to] = [draw(bytes.length), draw(bytes.length)]
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + draw(200)), bytes.subarray(to)])
  },
}

/** Damage to the structure: every file stays readable protobuf, so that it gets further. */
const FIELD_MUTATIONS: Readonly<Record<string, (list: WireField[], draw: Draw, all: WireField[][]) => void>> = {
  'a lost field': (list, draw) => list.splice(draw(list.length), 1),
  'a doubled field': (list, draw) => list.splice(draw(list.length + 1), 0, ...some(list, draw)),
  'swapped fields': (list, draw) => swap(list, draw(list.length), draw(list.length)),
  'a field of another message': (list, draw, all) =>
    list.splice(draw(list.length + 1), 0, ...some(all[draw(all.length)] ?? [], draw)),
  'another field number': (list, draw) =>
    replace(list, draw, (field) => ({...field, tag: (1 + draw(30)) * 8 + (field.tag & 7)})),
  'a huge number': (list, draw) => replace(list, draw, (field) => ({tag: field.tag & ~7, body: hugeVarint(draw)})),
  'a small number': (list, draw) => replace(list, draw, (field) => ({tag: field.tag & ~7, body: varintOf(draw(40))})),
  'another text': (list, draw) =>
    replace(list, draw, (field) => ({
      tag: (field.tag & ~7) | BLOCK,
      body: Buffer.from(TEXTS[draw(TEXTS.length)] ?? ''),
    })),
  'a text of elsewhere': (list, draw, all) => {
    const texts = all.flat().filter(({body}) => !Array.isArray(body) && body.length < 64)
    const body = texts[draw(texts.length)]?.body
    if (body) replace(list, draw, (field) => ({...field, body}))
  },
  'a nest': (list, draw) =>
    replace(list, draw, (field) => {
      let nested = field
      for (let depth = 2 ** draw(8); depth > 0; depth--) nested = {tag: (field.tag & ~7) | BLOCK, body: [nested]}
      return nested
    }),
  // node.attribute.g, twice a level: an If in an If in an If
  'recursive subgraphs': (list, draw) =>
    replace(list, draw, (field) => {
      let nested = field
      for (let depth = 2 ** draw(6); depth > 0; depth--) {
        nested = {
          tag: 0x0a,
          body: [
            nested,
            {tag: 0x22, body: Buffer.from('If')},
            {tag: 0x2a, body: [{tag: 0x32, body: [nested].slice(draw(2))}]},
          ],
        }
        if (joinWire([nested]).length > 20_000) break
      }
      // without a share of anything: a later change inside would grow with every place that shows it
      return copyOf(nested)
    }),
  'many empty messages': (list, draw) => {
    const [field] = some(list, draw)
    if (field) list.push(...new Array(2 ** draw(12)).fill({tag: (field.tag & ~7) | BLOCK, body: new Uint8Array(0)}))
  },
}

const TEXTS = [
  ...[
    '',
    'x',
    'w',
    'y',
    '../x',
    '/etc/passwd',
    'weights.bin',
    '\0',
    '-1',
    '0',
    '99999999999999999999',
    '4294967296',
    '1e9',
    'NaN',
    'N',
    'N*',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'ai.onnx',
    'com.microsoft',
    'If',
    'Loop',
    'Scan',
    'Constant',
    'Reshape',
    'MatMul',
    'Conv',
    'Gather',
  ],
  ...[
    'then_branch',
    'axis',
    'axes',
    'value',
    '\ud800',
    'a+b*c-(d/e)',
    '9'.repeat(400),
    '('.repeat(300),
    `${'('.repeat(2000)}a${')'.repeat(2000)}`,
  ],
  ...['location', 'offset', 'length'],
]

/** What was done, for the message of a failure, and the bytes that came of it. */
export interface Mutant {
  readonly how: string
  readonly bytes: Uint8Array
}

/** One to three changes of the structure and, half of the time, or where there is none, of the bytes. The same draws, the same bytes. */
export function mutate(seed: Uint8Array, draw: Draw): Mutant {
  const fields = parseWire(seed)
  const how: string[] = []
  let bytes = seed
  if (fields && draw(4) > 0) {
    for (let count = 1 + draw(3); count > 0; count--) {
      const all = listsIn(fields)
      const [name, change] = pick(FIELD_MUTATIONS, draw)
      change(all[draw(all.length)] ?? fields, draw, all)
      how.push(name)
    }
    bytes = joinWire(fields)
  }
  if (how.length === 0 || draw(4) === 0) {
    const [name, change] = pick(BYTE_MUTATIONS, draw)
    bytes = change(bytes, draw)
    how.push(name)
  }
  return {how: how.join(', '), bytes}
}

function pick<T>(options: Readonly<Record<string, T>>, draw: Draw): readonly [string, T] {
  const entries = Object.entries(options)
  return entries[draw(entries.length)] as [string, T]
}

function changed(bytes: Uint8Array, draw: Draw, change: (byte: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  for (let count = 1 + draw(8); count > 0; count--) {
    const at = draw(copy.length)
    copy[at] = change(copy[at] ?? 0)
  }
  return copy
}

function without(bytes: Uint8Array, start: number, length: number): Uint8Array {
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)])
}

function some(list: readonly WireField[], draw: Draw): WireField[] {
  const field = list[draw(list.length)]
  return field ? [copyOf(field)] : []
}

/** Whole, because a message put into itself would have no end. */
function copyOf({tag, body}: WireField): WireField {
  return {tag, body: Array.isArray(body) ? body.map(copyOf) : body}
}

function swap(list: WireField[], a: number, b: number): void {
  const [first, second] = [list[a], list[b]]
  if (first && second) [list[a], list[b]] = [second, first]
}

function replace(list: WireField[], draw: Draw, change: (field: WireField) => WireField): void {
  const at = draw(list.length)
  const field = list[at]
  if (field) list[at] = change(field)
}

/** -1, the ends of int64, 2^31 and near it, or any number of up to 64 bits; sometimes longer than a varint may be. */
function hugeVarint(draw: Draw): Uint8Array {
  const ends: readonly (readonly number[])[] = [
    [255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
    [255, 255, 255, 255, 255, 255, 255, 255, 127],
    [128, 128, 128, 128, 128, 128, 128, 128, 128, 1],
    [255, 255, 255, 255, 7],
    [128, 128, 128, 128, 8],
    [128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 1],
  ]
  const fixed = ends[draw(ends.length + 1)]
  return Uint8Array.from(fixed ?? [...Array.from({length: draw(9)}, () => 128 | draw(128)), draw(128)])
}
