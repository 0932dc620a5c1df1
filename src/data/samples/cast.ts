import {UnsupportedError} from '../../errors.js'
import {arrayTypeOf, type DType, type TypedArray} from '../../ir/dtype.js'
import {fromFloat16, toFloat16} from '../../ir/float16.js'

/** Stops with an error about one element: which one, what was expected of it, what it is. */
export type Refuse = (element: number, expected: string, got: string) => never

/** Converts elements of the source's type into an input's. Data may be modified or returned as it is. */
export type Cast = (data: TypedArray, refuse: Refuse) => TypedArray

const INTEGER_RANGES: Partial<Record<DType, readonly [lowest: bigint, highest: bigint]>> = {
  int8: [-128n, 127n],
  uint8: [0n, 255n],
  int16: [-32768n, 32767n],
  uint16: [0n, 65535n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  bool: [0n, 1n],
}

/**
 * How elements of `from` become elements of `to`, checked: floats must be finite and inside the target's range,
 * and integers must be whole and inside theirs.
 * @throws UnsupportedError for a type the data formats cannot give.
 */
export function castTo(from: DType, to: DType, input: string): Cast {
  const range = INTEGER_RANGES[to]
  if (range) return from === to && to !== 'bool' ? (data) => data : integerCast(from, to, range)
  if (to === 'float32' || to === 'float64' || to === 'float16') return floatCast(from, to)
  throw new UnsupportedError(`input '${input}': no data format gives ${to}`, {
    hint: 'Cast to it inside the model, from float32 or int64',
  })
}

/** Elements as numbers: float16 decoded, 64-bit integers and the rest as they are. */
export function valuesOf(data: TypedArray, dtype: DType): TypedArray {
  return dtype === 'float16' ? Float32Array.from(data as Uint16Array, fromFloat16) : data
}

function floatCast(from: DType, to: 'float16' | 'float32' | 'float64'): Cast {
  return (data, refuse) => {
    const values = valuesOf(data, from)
    const out = to === 'float64' ? toArray(values, Float64Array) : toArray(values, Float32Array)
    for (let i = 0; i < out.length; i++) if (!Number.isFinite(out[i])) refuseValue(values, i, to, refuse)
    return to === 'float16' ? toHalves(out, refuse) : out
  }
}

function toArray<T extends Float32Array | Float64Array>(values: TypedArray, Type: new (length: number) => T): T {
  if (values instanceof Type) return values
  const out = new Type(values.length)
  for (let i = 0; i < out.length; i++) out[i] = Number(values[i])
  return out
}

function toHalves(values: Float32Array | Float64Array, refuse: Refuse): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < out.length; i++) {
    out[i] = toFloat16(values[i] as number)
    if (((out[i] as number) & 0x7fff) === 0x7c00) refuseValue(values, i, 'float16', refuse)
  }
  return out
}

function refuseValue(values: TypedArray, element: number, to: DType, refuse: Refuse): never {
  const value = values[element] as number
  if (Number.isFinite(value)) refuse(element, `numbers in the range of ${to}`, `${value}`)
  refuse(element, 'finite numbers', `${value}`)
}

function integerCast(from: DType, to: DType, [lowest, highest]: readonly [bigint, bigint]): Cast {
  const Elements = arrayTypeOf(to)
  const expected = `integers in ${lowest}..${highest} for ${to}`
  return (data, refuse) => {
    const values = valuesOf(data, from)
    const out = new Elements(values.length)
    for (let i = 0; i < out.length; i++) {
      const value = values[i] as number | bigint
      // numbers compare with bigints by value, also beyond 2^53
      if (!(value >= lowest && value <= highest) || !isWhole(value)) refuse(i, expected, `${value}`)
      out[i] = (out instanceof BigInt64Array || out instanceof BigUint64Array ? BigInt(value) : Number(value)) as never
    }
    return out
  }
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value)
}
