import type {Batch, DataSpec} from '../../data/dataset.js'
import {DataError} from '../../errors.js'
import type {TableSizes} from '../../facts/input-tables.js'
import type {TypedArray} from '../../ir/dtype.js'
import {ownEntry} from '../../ir/own-entry.js'

/**
 * @param done samples before this batch.
 * @throws DataError for a number that is no row of its table; negative ones count from the end.
 */
export function checkIds(
  {inputs, size}: Batch,
  sizes: TableSizes,
  {path, map = {}, offset = 0, shuffle}: DataSpec,
  done: number,
): void {
  for (const [name, rows] of sizes) {
    const given = ownEntry(inputs, name)
    if (!given) continue
    const each = given.data.length / (given.shape[0] ?? 1)
    const ids = given.data.subarray(0, size * each)
    const wrong = firstOutside(ids, rows)
    if (wrong === undefined) continue
    const array = Object.keys(map).find((key) => map[key] === name) ?? name
    // in random order a place says nothing
    const place = shuffle ? '' : `sample ${offset + done + Math.floor(wrong / each)} of `
    throw new DataError(`${path}: ${place}array '${array}': expected ids 0 to ${rows - 1}, got ${ids[wrong]}`, {
      hint: `The model's table for '${name}' has ${rows} rows: give data that was prepared for this model`,
    })
  }
}

function firstOutside(ids: TypedArray, rows: number): number | undefined {
  for (let i = 0; i < ids.length; i++) {
    const id = Number(ids[i])
    if (id >= rows || id < -rows) return i
  }
  return undefined
}
