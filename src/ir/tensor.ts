import {arrayTypeOf, byteLengthOf, type DType, type TensorData, type TypedArray} from './dtype.js'

/**
 * A handle on constant data. `read()` is synchronous, never caches, and gives data the caller must not modify
 * (it may be a view of the file). A derived tensor computes its data in `read()`, while the writer streams it out.
 */
export interface Tensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  read(): TensorData
  /** The file's own message, with all that mopt does not interpret; only io looks inside. */
  readonly wire?: unknown
}

type Slices = () => Iterable<TypedArray>

/** Beside the tensors, not in them: a copy with another `read` must not keep the slices of the original. */
const slicers = new WeakMap<Tensor, Slices>()

/**
 * Lets a tensor be read piece by piece, for those too big to hold at once.
 *
 * @param slices the elements in order; a piece is valid until the next is asked for.
 * @returns the same tensor.
 */
export function withSlices<T extends Tensor>(tensor: T, slices: Slices): T {
  slicers.set(tensor, slices)
  return tensor
}

/** How to read a tensor piece by piece; undefined when it only reads at once. */
export function slicesOf(tensor: Tensor): Slices | undefined {
  return slicers.get(tensor)
}

/** The elements of a float32 tensor in order, in pieces that are valid until the next is asked for. */
export function* readFloat32Slices(tensor: Tensor): Iterable<Float32Array> {
  for (const piece of slicesOf(tensor)?.() ?? [tensor.read()]) {
    if (!(piece instanceof Float32Array)) throw new TypeError(`expected a float32 tensor, got ${tensor.dtype}`)
    yield piece
  }
}

/** Product of the dimensions; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A tensor over data in memory. Data is kept, not copied. */
export function tensorOf(dtype: DType, shape: readonly number[], data: TensorData): Tensor {
  return {dtype, shape, read: () => data}
}

/** A tensor whose data is computed each time it is read. */
export function derivedTensor(dtype: DType, shape: readonly number[], read: () => TensorData): Tensor {
  return {dtype, shape, read}
}

export function float32(values: ArrayLike<number>, shape: readonly number[] = [values.length]): Tensor {
  return tensorOf('float32', shape, values instanceof Float32Array ? values : Float32Array.from(values))
}

export function int64(values: readonly (number | bigint)[], shape: readonly number[] = [values.length]): Tensor {
  return tensorOf('int64', shape, BigInt64Array.from(values, BigInt))
}

/** A rank-0 tensor. int64 and uint64 take the number as a bigint. */
export function scalar(dtype: Exclude<DType, 'string'>, value: number): Tensor {
  const data = new (arrayTypeOf(dtype))(1)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[0] = BigInt(value)
  else data[0] = value
  return tensorOf(dtype, [], data)
}

/** Bytes the tensor takes in a file. Strings count their UTF-8 text. */
export function sizeBytes(tensor: Tensor): number {
  if (tensor.dtype !== 'string') return byteLengthOf(tensor.dtype, elementCount(tensor.shape))
  return (tensor.read() as string[]).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}

/** The data of a float32 tensor. @throws TypeError for another dtype: a bug of the caller. */
export function readFloat32(tensor: Tensor): Float32Array {
  const data = tensor.read()
  if (data instanceof Float32Array) return data
  throw new TypeError(`expected a float32 tensor, got ${tensor.dtype}`)
}

/** The values of an integer, bool or float tensor as numbers, saturated to ±2^53; for shapes, axes and scalars, not for weights. */
export function readNumbers(tensor: Tensor): number[] {
  const data = tensor.read() as TypedArray
  return Array.from(data as ArrayLike<number | bigint>, (value) => toNumber(value))
}

/** int64 to number, saturated to the safe integers: ONNX writes INT64_MAX for "to the end". */
export function toNumber(value: number | bigint): number {
  if (typeof value === 'number') return value
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER
  if (value < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER
  return Number(value)
}
