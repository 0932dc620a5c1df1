import type {Tensor} from 'onnxruntime-node'
import {toFloat32} from '../session/to-float32.js'

export type Numbers = Float32Array | Float64Array

/** Types whose values float32 cannot tell apart. */
const WIDE: ReadonlySet<string> = new Set(['int32', 'uint32', 'int64', 'uint64', 'float64'])

/** Outputs as numbers that are equal exactly where the values are: 64-bit integers up to 2^53, and a number of its own for every string. */
export class OutputNumbers {
  readonly #strings = new Map<string, number>()

  /** Row-major; a view where the tensor already is float32. */
  of(tensor: Tensor): Numbers {
    if (tensor.type === 'string') {
      return Float64Array.from(tensor.data as string[], (text) => this.#numberOf(text))
    }
    if (!WIDE.has(tensor.type)) return toFloat32(tensor)
    return Float64Array.from(tensor.data as unknown as Iterable<number | bigint>, Number)
  }

  #numberOf(text: string): number {
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    this.#strings.set(text, this.#strings.size)
    return this.#strings.size - 1
  }
}
