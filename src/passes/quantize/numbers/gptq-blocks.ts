import {BugError, NonFiniteError} from '../../../errors.js'
import {readFloat32, type Tensor} from '../../../ir/tensor.js'
import {type FittedGrid, fitScale, type GridRange} from './fit-scale.js'
import {gptq} from './gptq.js'
import {halfScale} from './half-scales.js'
import type {RoundedBlocks, WeightRounding} from './weight-rounding.js'

interface GptqBlocksOptions extends WeightRounding {
  readonly products: Float64Array
  readonly range: GridRange
  /** As `quantizeWeight`. */
  readonly halfScales?: boolean | undefined
}

/**
 * A weight in blocks of its last axis rounded by GPTQ, each block's grid found when its turn comes, on what it then has to hold.
 *
 * @param weight float32, `[…, block]`; rows of K elements, blocks one after the other. Read at once, and so is what comes of it.
 * @param products `[K, K]`, or less where the last block is filled up with zeros.
 * @throws NonFiniteError if the weight holds NaN or infinity.
 */
export function gptqBlocks(weight: Tensor, blockSize: number, name: string, options: GptqBlocksOptions): RoundedBlocks {
  const {known, range, halfScales} = options
  const key = [name, blockSize, range.low, range.high, halfScales === true].join(' ')
  const rounded = known?.get(key) ?? roundBlocks(weight, blockSize, name, options)
  known?.set(key, rounded)
  return rounded
}

function roundBlocks(weight: Tensor, blockSize: number, name: string, options: GptqBlocksOptions): RoundedBlocks {
  const {range, products} = options
  const values = readFloat32(weight)
  if (!values.every(Number.isFinite)) throw new NonFiniteError(name, 'a row')
  const known = Math.sqrt(products.length)
  const columns = Math.ceil(known / blockSize) * blockSize
  if (values.length % columns !== 0) {
    throw new BugError(`GPTQ of '${name}': expected rows of ${columns} elements, got ${values.length} elements in all`)
  }
  const squares = Float64Array.from({length: columns}, (_, k) => (k < known ? (products[k * known + k] as number) : 0))
  const gridOf = (block: Float64Array, column: number): FittedGrid => {
    const importance = options.grid === 'mse' ? squares.subarray(column, column + blockSize) : undefined
    const grid = options.grid === 'mse' ? fitScale(block, range, importance) : widest(block, range)
    if (grid.scale === 0) return {scale: 1, zeroPoint: 0}
    return options.halfScales ? {...grid, scale: halfScale(grid.scale)} : grid
  }
  const {integers, ...grids} = gptq(values, widened(products, known, columns), {columns, blockSize, range, gridOf})
  return {...grids, integers: range.low < 0 ? Int8Array.from(integers) : Uint8Array.from(integers)}
}

/** The grid that holds the largest value. */
function widest(block: Float64Array, {low, high}: GridRange): FittedGrid {
  const max = block.reduce((most, value) => Math.max(most, value), 0)
  const min = block.reduce((least, value) => Math.min(least, value), 0)
  if (low < 0) return {scale: Math.fround(Math.max(max, -min) / high), zeroPoint: 0}
  const scale = Math.fround((max - min) / high)
  return {scale, zeroPoint: scale === 0 ? 0 : Math.min(high, Math.round(-min / scale))}
}

/** With rows and columns of zeros at the end. */
function widened(matrix: Float64Array, size: number, wanted: number): Float64Array {
  if (size === wanted) return matrix
  const wide = new Float64Array(wanted * wanted)
  for (let row = 0; row < size; row++) wide.set(matrix.subarray(row * size, (row + 1) * size), row * wanted)
  return wide
}
