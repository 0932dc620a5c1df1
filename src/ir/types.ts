import type {Dim} from './dim.js'
import type {DType} from './dtype.js'

export type Shape = readonly Dim[]

/** `shape: undefined` is an unknown rank; a Dim of undefined an unknown size. */
export interface TensorType {
  readonly kind: 'tensor'
  readonly dtype: DType | undefined
  readonly shape: Shape | undefined
}

/** What a value holds; `undefined` in place of a ValueType means nothing is known. */
export type ValueType =
  | TensorType
  | {readonly kind: 'sparse'; readonly dtype: DType | undefined; readonly shape: Shape | undefined}
  | {readonly kind: 'sequence'; readonly element: ValueType | undefined}
  | {readonly kind: 'optional'; readonly element: ValueType | undefined}
  | {readonly kind: 'map'; readonly key: DType | undefined; readonly value: ValueType | undefined}
  | {readonly kind: 'opaque'; readonly domain: string; readonly name: string}

export function tensorType(dtype: DType | undefined, shape: Shape | undefined): TensorType {
  return {kind: 'tensor', dtype, shape}
}
