import {openNpz} from '../../src/data/arrays/npz.js'
import type {TypedArray} from '../../src/ir/dtype.js'

export type Arrays = ReadonlyMap<string, {readonly data: TypedArray; readonly shape: readonly number[]}>

/** All arrays of an .npz file as they are stored, by name. */
export async function npzArrays(path: string): Promise<Arrays> {
  const arrays = new Map<string, {data: TypedArray; shape: readonly number[]}>()
  for (const array of (await openNpz(path)).arrays) {
    const count = array.shape[0] ?? 1
    const reader = await array.open({
      count,
      start: 0,
      keptAt: (position: number) => position,
      at: (position) => position,
    })
    arrays.set(array.name, {data: await reader.read(0, count), shape: array.shape})
    await reader.close()
  }
  return arrays
}
