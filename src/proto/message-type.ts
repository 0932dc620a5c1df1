import {ONNX_PROTO} from './schema.js'

export type ScalarType = 'int32' | 'int64' | 'uint64' | 'float' | 'double' | 'string' | 'bytes'

export interface Field {
  /** In camel case: `op_type` is `opType`. */
  readonly name: string
  readonly number: number
  readonly repeated: boolean
  /** A list of numbers in one block: kept as the block until someone needs the numbers. */
  readonly packed: boolean
  /** Enums are int32 here, so that values of later versions survive. */
  readonly scalar: ScalarType | undefined
  readonly message: MessageType | undefined
}

export interface MessageType {
  readonly name: string
  /** By field number. */
  readonly fields: ReadonlyMap<number, Field>
  /** In ascending order of their numbers, as encoders write them. */
  readonly ordered: readonly Field[]
}

interface Draft extends MessageType {
  readonly fields: Map<number, Field>
  readonly ordered: Field[]
}

interface FieldLine {
  readonly owner: Draft
  readonly label: string | undefined
  readonly type: string
  readonly name: string
  readonly number: number
  readonly packed: boolean
}

const SCALARS: ReadonlySet<string> = new Set(['int32', 'int64', 'uint64', 'float', 'double', 'string', 'bytes'])
const OPENING = /^(message|enum|oneof) (\w+) \{$/
const FIELD = /^(?:(optional|repeated) )?(\w+) (\w+) = (\d+)( \[packed = true\])?;$/

let cache: ReadonlyMap<string, MessageType> | undefined

/** The messages of onnx.proto by name; nested ones as `TypeProto.Tensor`. Parsed once, in under a millisecond. */
export function messageTypes(): ReadonlyMap<string, MessageType> {
  cache ??= parseSchema(ONNX_PROTO)
  return cache
}

/** The part of the proto2 language that the schema uses: one statement a line. */
function parseSchema(text: string): ReadonlyMap<string, MessageType> {
  const types = new Map<string, Draft>()
  const enums = new Set<string>()
  const lines: FieldLine[] = []
  const blocks: {kind: string; name: string}[] = []
  for (const line of text.split('\n').map((raw) => raw.replace(/\/\/.*/, '').trim())) {
    const [, kind, name] = OPENING.exec(line) ?? []
    if (kind && name) {
      blocks.push({kind, name})
      if (kind === 'message') types.set(pathOf(blocks), {name: pathOf(blocks), fields: new Map(), ordered: []})
      if (kind === 'enum') enums.add(name)
      continue
    }
    if (line === '}') blocks.pop()
    const owner = types.get(pathOf(blocks))
    const field = blocks.at(-1)?.kind === 'enum' ? null : FIELD.exec(line)
    if (owner && field) lines.push(fieldLine(owner, field))
  }
  for (const line of lines) addField(line, types, enums)
  for (const type of types.values()) type.ordered.sort((a, b) => a.number - b.number)
  return types
}

function pathOf(blocks: readonly {kind: string; name: string}[]): string {
  return blocks.flatMap(({kind, name}) => (kind === 'message' ? [name] : [])).join('.')
}

function fieldLine(owner: Draft, [, label, type = '', name = '', number, packed]: RegExpExecArray): FieldLine {
  return {owner, label, type, name, number: Number(number), packed: packed !== undefined}
}

function addField(line: FieldLine, types: ReadonlyMap<string, MessageType>, enums: ReadonlySet<string>): void {
  const {owner, type, number, packed} = line
  const scalar = enums.has(type) ? 'int32' : SCALARS.has(type) ? (type as ScalarType) : undefined
  const message = scalar ? undefined : (types.get(`${owner.name}.${type}`) ?? types.get(type))
  if (!scalar && !message) throw new Error(`onnx.proto: ${owner.name}.${line.name} has the unknown type ${type}`)
  const name = line.name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const field = {name, number, repeated: line.label === 'repeated', packed, scalar, message}
  owner.fields.set(number, field)
  owner.ordered.push(field)
}
