/**
 * Element types of ONNX tensors, in ONNX Runtime's spelling, with how many bits an element takes in a file.
 * Storage in memory: float16 and bfloat16 as bits in Uint16Array, float8 and bool as Uint8Array, 4-bit and 2-bit types packed
 * low nibble first in Uint8Array, complex numbers interleaved, strings as string[].
 */
export const BITS = {
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  string: 0,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e8m0: 8,
  uint2: 2,
  int2: 2,
} as const

export type DType = keyof typeof BITS

/** TensorProto.DataType numbers: `DTYPE_BY_CODE[1] === 'float32'`. 0 is UNDEFINED. */
export const DTYPE_BY_CODE: readonly (DType | undefined)[] = [undefined, ...(Object.keys(BITS) as DType[])]

/** The TensorProto.DataType number of a dtype. */
export function dtypeCode(dtype: DType): number {
  return DTYPE_BY_CODE.indexOf(dtype)
}

export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array

export type TensorData = TypedArray | string[]

type TypedArrayConstructor = {
  new (length: number): TypedArray
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray
  readonly BYTES_PER_ELEMENT: number
}

const ARRAYS: Partial<Record<DType, TypedArrayConstructor>> = {
  float32: Float32Array,
  complex64: Float32Array,
  float64: Float64Array,
  complex128: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
}

/** The typed array that stores a dtype in memory; Uint8Array for bool, float8 and packed types. Strings have none. */
export function arrayTypeOf(dtype: DType): TypedArrayConstructor {
  return ARRAYS[dtype] ?? Uint8Array
}

/** Bytes that `count` elements take in a file; packed types round up. Strings: 0, their size is their text's. */
export function byteLengthOf(dtype: DType, count: number): number {
  return Math.ceil((BITS[dtype] * count) / 8)
}

const FLOATS: ReadonlySet<DType> = new Set(['float32', 'float64', 'float16', 'bfloat16'])

export function isFloat(dtype: DType): boolean {
  return FLOATS.has(dtype)
}
