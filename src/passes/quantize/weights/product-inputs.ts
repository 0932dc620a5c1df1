import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {RoundingOf, WeightRounding} from '../numbers/weight-rounding.js'
import {readWeight} from './read-weight.js'

/** What products with constant weights read: `[…, channels]`. */
export interface ProductInput {
  readonly tensor: string
  readonly channels: number
}

/** Second moments of such a tensor over calibration data. */
export interface InputMoments {
  /** E[x²], `[channels]` */
  readonly squares: Float64Array
  /** XᵀX, `[channels, channels]` */
  readonly products?: Float64Array | undefined
  /** Rows of X. */
  readonly rows: number
}

/** From this many calibration rows per channel on, products say more of the task than of the samples. */
export const ROWS_PER_CHANNEL = 4

/** The tensors to measure before weights of MatMul and Gemm are rounded, each once: those of the main graph that are not constant. */
export function productInputs(graph: Graph): ProductInput[] {
  const found = new Map<string, ProductInput>()
  for (const node of graph.nodes()) {
    const channels = productChannels(node)
    const tensor = node.inputs[0]
    if (channels !== undefined && tensor && !tensor.constant) found.set(tensor.name, {tensor: tensor.name, channels})
  }
  return [...found.values()]
}

/** What XᵀX of all these tensors take in memory, in float64: all are held until the weights are written. */
export function productsBytes(inputs: readonly ProductInput[]): number {
  return inputs.reduce((sum, {channels}) => sum + channels ** 2 * Float64Array.BYTES_PER_ELEMENT, 0)
}

/**
 * How weights are rounded, from what was measured of the inputs they are multiplied with. A weight that several products read counts the
 * inputs of all; one that none reads, as an embedding table, and one whose inputs were not measured, goes without.
 *
 * @param base how all weights are rounded, whatever their inputs.
 * @param moments by the names of `productInputs`.
 */
export function roundingFrom(base: WeightRounding, moments: ReadonlyMap<string, InputMoments>): RoundingOf {
  return (node) => {
    const weight = readWeight(node)?.weight
    const own = weight ? readersOf(weight).flatMap((reader) => moments.get(reader.inputs[0]?.name ?? '') ?? []) : []
    return own.length > 0 ? {...base, ...combined(own)} : base
  }
}

/** Products that read a weight, turned around or not. */
function readersOf(weight: Value): Node[] {
  const readers = weight.consumers.flatMap((node) =>
    node.opType === 'Transpose' ? (node.outputs[0]?.consumers ?? []) : [node],
  )
  return readers.filter((node) => productChannels(node) !== undefined)
}

/** Inputs of the weight that a MatMul or Gemm reads; undefined for other nodes. */
function productChannels(node: Node): number | undefined {
  if (node.domain !== '' || (node.opType !== 'MatMul' && node.opType !== 'Gemm')) return undefined
  if (node.opType === 'Gemm' && node.int('transA', 0) !== 0) return undefined
  const read = readWeight(node)
  if (read?.weight.constant?.shape.length !== 2) return undefined
  return read.weight.constant.shape[read.isTurned ? 1 : 0]
}

function combined(all: readonly InputMoments[]): Pick<WeightRounding, 'squares' | 'products'> {
  const rows = all.reduce((sum, one) => sum + one.rows, 0)
  const channels = all[0]?.squares.length ?? 0
  const squares = new Float64Array(channels)
  for (const one of all) for (const [k, square] of one.squares.entries()) add(squares, k, (square * one.rows) / rows)
  const matrices = all.flatMap(({products}) => products ?? [])
  if (matrices.length < all.length || rows < ROWS_PER_CHANNEL * channels) return {squares}
  const [first, ...others] = matrices
  if (others.length === 0) return {squares, products: first}
  const products = Float64Array.from(first as Float64Array)
  for (const matrix of others) for (const [i, value] of matrix.entries()) add(products, i, value)
  return {squares, products}
}

function add(target: Float64Array, index: number, value: number): void {
  target[index] = (target[index] as number) + value
}
