import type {BatchInput} from '../../data/dataset.js'

/** An array per port, under one of the port's names: its own, or that of its gradient or of its batch's value. */
export function portArrays<Key extends string>(
  ports: readonly ({readonly shape: readonly number[]} & {readonly [K in Key]: string})[],
  key: Key,
  arrays: readonly Float32Array[],
): Record<string, BatchInput> {
  const entries = ports.map((port, index): [string, BatchInput] => {
    return [port[key], {dtype: 'float32', shape: port.shape, data: arrays[index] as Float32Array}]
  })
  return Object.fromEntries(entries)
}
