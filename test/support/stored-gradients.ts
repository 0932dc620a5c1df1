import type {TypedArray} from '../../src/ir/dtype.js'
import {type Arrays, npzArrays} from './npz-arrays.js'

/** A file of fixtures/gradients: what PyTorch computed in float64. */
export interface StoredGradients {
  readonly inputs: ReadonlyMap<string, {readonly data: TypedArray; readonly shape: readonly number[]}>
  readonly labels: readonly number[]
  readonly loss: number
  /** By weight: every k-th element, at most 256, and the norm of all. */
  readonly gradients: ReadonlyMap<string, {readonly sample: Float64Array; readonly norm: number}>
}

/** All arrays of a file of fixtures/gradients. */
export function readArrays(name: string): Promise<Arrays> {
  return npzArrays(`fixtures/gradients/${name}.npz`)
}

export async function readStoredGradients(net: string): Promise<StoredGradients> {
  const arrays = await readArrays(net)
  const numbers = (name: string) => Array.from(arrays.get(name)?.data ?? [], Number)
  const weights = [...arrays.keys()].filter((name) => arrays.has(`norm:${name}`))
  const reserved = new Set([...weights, ...weights.map((name) => `norm:${name}`), 'label', 'loss'])
  return {
    inputs: new Map([...arrays].filter(([name]) => !reserved.has(name))),
    labels: numbers('label'),
    loss: numbers('loss')[0] ?? Number.NaN,
    gradients: new Map(
      weights.map((name) => [name, {sample: Float64Array.from(numbers(name)), norm: numbers(`norm:${name}`)[0] ?? 0}]),
    ),
  }
}
