import type {Node} from '../../../ir/node.js'
import {elementCount} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {RoundingOf, WeightRounding} from '../numbers/weight-rounding.js'
import {readWeight} from './read-weight.js'

/** What products with constant weights read, `[…, channels]`, or the patches of it that the kernel of a convolution sees. */
export interface ProductInput {
  /** Tells it from others: the tensor, and the window. */
  readonly key: string
  readonly tensor: string
  /** Values that are multiplied with as many weights. */
  readonly channels: number
  /** Of a convolution: its kernel, and the attributes that say where it is put. */
  readonly window?: {readonly kernel: readonly number[]; readonly attributes: WindowAttributes} | undefined
}

type WindowAttributes = Readonly<Record<string, string | readonly number[]>>

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

/** What to measure before weights of these MatMul, Gemm and Conv are rounded, each once: tensors of the main graph, no constants. */
export function productInputs(nodes: readonly Node[]): ProductInput[] {
  const found = nodes.flatMap((node) => (node.graph.parent ? [] : (inputOf(node) ?? [])))
  return [...new Map(found.map((input) => [input.key, input])).values()]
}

function inputOf(node: Node): ProductInput | undefined {
  const [data] = node.inputs
  if (!data || data.constant || node.domain !== '') return undefined
  const tensor = data.name
  if (node.opType === 'Conv') return windowOf(node, tensor)
  const channels = productChannels(node)
  return channels === undefined ? undefined : {key: tensor, tensor, channels}
}

/** A depthwise convolution has too few weights per filter for their rounding to make up for each other. */
function windowOf(node: Node, tensor: string): ProductInput | undefined {
  const shape = node.inputs[1]?.constant?.shape
  if (!shape || node.int('group', 1) !== 1) return undefined
  const attributes = placedBy(node)
  const [, , ...kernel] = shape
  const isPlain = Object.keys(attributes).length === 0
  const key = `${tensor} ${kernel.join('x')}${isPlain ? '' : ` ${JSON.stringify(attributes)}`}`
  return {key, tensor, channels: elementCount(shape.slice(1)), window: {kernel, attributes}}
}

/** The attributes of a Conv that put its kernel otherwise than at every place inside. */
function placedBy(node: Node): WindowAttributes {
  const lists = (['strides', 'dilations', 'pads'] as const).flatMap((name): [string, readonly number[]][] => {
    const values = node.ints(name, [])
    return values.every((value) => value === (name === 'pads' ? 0 : 1)) ? [] : [[name, values]]
  })
  const automatic = node.string('auto_pad', 'NOTSET')
  return Object.fromEntries([...lists, ...(automatic === 'NOTSET' ? [] : [['auto_pad', automatic] as const])])
}

/** The inputs, the smallest first, whose XᵀX together take no more memory, in float64: all are held until the weights are written. */
export function productsWithin(inputs: readonly ProductInput[], bytes: number): ProductInput[] {
  let left = bytes
  return [...inputs]
    .sort((a, b) => a.channels - b.channels)
    .filter(({channels}) => {
      left -= channels ** 2 * Float64Array.BYTES_PER_ELEMENT
      return left >= 0
    })
}

/**
 * How weights are rounded, from what was measured of the inputs they are multiplied with. A weight that several products read counts the
 * inputs of all; one whose inputs were not measured goes without. A table that no product reads is rounded plainly: it is told by its
 * largest values, and ranges that cut them off cost two text classifiers of three more than they gained.
 *
 * @param base how all weights are rounded, whatever their inputs.
 * @param moments by the names of `productInputs`.
 */
export function roundingFrom(base: WeightRounding, moments: ReadonlyMap<string, InputMoments>): RoundingOf {
  return (node) => {
    const weight = node.opType === 'Conv' ? node.inputs[1] : readWeight(node)?.weight
    const inputs = weight ? readersOf(weight).flatMap((reader) => inputOf(reader) ?? []) : []
    if (node.opType === 'Gather' && inputs.length === 0) return undefined
    const own = inputs.flatMap(({key}) => moments.get(key) ?? [])
    return own.length > 0 ? {...base, ...combined(own)} : base
  }
}

/** What reads a weight, turned around or not. */
function readersOf(weight: Value): Node[] {
  return weight.consumers.flatMap((node) => (node.opType === 'Transpose' ? (node.outputs[0]?.consumers ?? []) : [node]))
}

/** Inputs of the weight that a MatMul or Gemm reads; undefined for other nodes. */
function productChannels(node: Node): number | undefined {
  if (node.opType !== 'MatMul' && node.opType !== 'Gemm') return undefined
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
