import type {Tensor} from 'onnxruntime-node'
import {fromFloat16} from '../../ir/float16.js'

/** A tensor's elements as float32, row-major: integers and bools as numbers, float16 decoded. A view where it already is float32. */
export function toFloat32(tensor: Tensor): Float32Array {
  const {data} = tensor
  if (data instanceof Float32Array) return data
  const source = data as ArrayLike<number | bigint>
  const result = new Float32Array(source.length)
  const decode = tensor.type === 'float16' ? (value: number | bigint) => fromFloat16(Number(value)) : Number
  for (let index = 0; index < result.length; index++) result[index] = decode(source[index] ?? 0)
  return result
}
