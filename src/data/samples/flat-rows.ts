import {elementCount} from '../../ir/tensor.js'
import type {InputPort} from '../dataset.js'
import {fitShape} from './fit-shape.js'
import {rowShapeOf, type SampleArray} from './sample-array.js'

/**
 * Rows of numbers as the samples of an input of more axes, when they fit in exactly one way: as many numbers as the input takes, or the
 * one size that is free follows from them. The numbers stay where they are, in row-major order.
 *
 * @returns undefined when rows fit as they are, are not flat, or do not fit in one way.
 */
export function unflattened(array: SampleArray, {shape}: InputPort): SampleArray | undefined {
  const row = rowShapeOf(array)
  const want = shape?.slice(1) ?? []
  const isFlat = row.filter((size) => size !== 1).length === 1
  if (!isFlat || want.length < 2 || fitShape(row, want)) return undefined
  const count = elementCount(row)
  const fixed = elementCount(want.filter((dim) => typeof dim === 'number'))
  const free = want.filter((dim) => typeof dim !== 'number').length
  const isOneWay = free === 0 ? count === fixed : free === 1 && fixed > 1 && count % fixed === 0
  if (!isOneWay) return undefined
  const sizes = want.map((dim) => (typeof dim === 'number' ? dim : count / fixed))
  return {...array, shape: [array.shape[0] as number, ...sizes]}
}
