import type {Graph} from './graph.js'
import type {Tensor} from './tensor.js'

/** An attribute's value as the format knows it. Integers stay bigint: they are int64 in the file. */
export type Attribute = (
  | {readonly type: 'int'; readonly value: bigint}
  | {readonly type: 'float'; readonly value: number}
  | {readonly type: 'string'; readonly value: Uint8Array}
  | {readonly type: 'tensor'; readonly value: Tensor}
  | {readonly type: 'graph'; readonly value: Graph}
  | {readonly type: 'ints'; readonly value: readonly bigint[]}
  | {readonly type: 'floats'; readonly value: readonly number[]}
  | {readonly type: 'strings'; readonly value: readonly Uint8Array[]}
  | {readonly type: 'tensors'; readonly value: readonly Tensor[]}
  | {readonly type: 'graphs'; readonly value: readonly Graph[]}
  /** Kept as read: sparse tensors, types, references to a function's attribute. */
  | {readonly type: 'opaque'; readonly value?: undefined}
) & {
  /** The file's own message, with all that mopt does not interpret; only io looks inside. */
  readonly wire?: unknown
}

/** What code may write for an attribute: whole numbers become ints, text a string, arrays lists. Floats need `float()`. */
export type AttributeLike = Attribute | Graph | number | bigint | string | readonly number[] | readonly string[]

export function float(value: number): Attribute {
  return {type: 'float', value}
}

export function floats(value: readonly number[]): Attribute {
  return {type: 'floats', value}
}

export function tensorAttribute(value: Tensor): Attribute {
  return {type: 'tensor', value}
}

/** @throws TypeError for a number with a fraction: write `float(x)`, so that 1.0 and 1 stay apart. */
export function attributeOf(value: AttributeLike): Attribute {
  if (typeof value === 'bigint') return {type: 'int', value}
  if (typeof value === 'number') return {type: 'int', value: integer(value)}
  if (typeof value === 'string') return {type: 'string', value: Buffer.from(value)}
  if (isList(value)) return listOf(value)
  return 'type' in value ? value : {type: 'graph', value}
}

function isList(value: AttributeLike): value is readonly number[] | readonly string[] {
  return Array.isArray(value)
}

function listOf(values: readonly number[] | readonly string[]): Attribute {
  if (typeof values[0] === 'string') {
    return {type: 'strings', value: values.map((text) => Buffer.from(text as string))}
  }
  return {type: 'ints', value: values.map((value) => integer(value as number))}
}

function integer(value: number): bigint {
  if (!Number.isInteger(value)) throw new TypeError(`attribute ${value} is not an integer: write float(${value})`)
  return BigInt(value)
}

/** The subgraphs an attribute holds. */
export function graphsOf(attribute: Attribute): readonly Graph[] {
  if (attribute.type === 'graph') return [attribute.value]
  return attribute.type === 'graphs' ? attribute.value : []
}
