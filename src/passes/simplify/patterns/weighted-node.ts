import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import {elementCount, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import type {ChannelPlace} from './channel-numbers.js'

/**
 * Which channel each part of a weight belongs to: the weight in row-major order is cut into runs of `inner` elements, and run r
 * belongs to channel `channelOf(r)`.
 */
export interface WeightChannels {
  readonly side: 'input' | 'output'
  readonly inner: number
  channelOf(run: number): number
}

/** A Conv, ConvTranspose, Gemm or MatMul with a constant weight: linear in its data, so factors can move into the weight. */
export interface WeightedNode {
  readonly node: Node
  readonly weight: Value
  /** Input slot of the bias; MatMul has none. */
  readonly biasSlot: number | undefined
  readonly outputs: WeightChannels
  readonly inputs: WeightChannels
  /** Where the channels lie in the result. */
  readonly outputPlace: ChannelPlace
  /** Where the channels lie in the data, input 0. */
  readonly inputPlace: ChannelPlace
}

type Reader = (node: Node, weight: Tensor) => Omit<WeightedNode, 'node' | 'weight'> | undefined

const READERS: Readonly<Record<string, Reader>> = {
  Conv: readConv,
  ConvTranspose: readConvTranspose,
  Gemm: readGemm,
  MatMul: readMatMul,
}

/** The node as a weighted one; undefined for other operators and for weights that are no float32 constants. */
export function weightedNode(node: Node | undefined): WeightedNode | undefined {
  const weight = node?.inputs[1]
  if (node?.domain !== '' || weight?.constant?.dtype !== 'float32') return undefined
  const parts = ownEntry(READERS, node.opType)?.(node, weight.constant)
  return parts && {node, weight, ...parts}
}

/** W `[O, I/groups, k…]`. */
function readConv(node: Node, {shape}: Tensor): ReturnType<Reader> {
  const groups = node.int('group', 1)
  const [outputs, perGroup, ...kernel] = shape as [number, number, ...number[]]
  if (shape.length < 3 || outputs % groups !== 0) return undefined
  const area = elementCount(kernel)
  const axis = {axisFromEnd: shape.length - 1, rank: shape.length}
  const outputsPerGroup = outputs / groups
  return {
    biasSlot: 2,
    outputPlace: {channels: outputs, ...axis},
    inputPlace: {channels: perGroup * groups, ...axis},
    outputs: {side: 'output', inner: perGroup * area, channelOf: (run) => run},
    inputs: {
      side: 'input',
      inner: area,
      channelOf: (run) => Math.floor(run / (perGroup * outputsPerGroup)) * perGroup + (run % perGroup),
    },
  }
}

/** W `[I, O/groups, k…]`. */
function readConvTranspose(node: Node, {shape}: Tensor): ReturnType<Reader> {
  const groups = node.int('group', 1)
  const [inputs, perGroup, ...kernel] = shape as [number, number, ...number[]]
  if (shape.length < 3 || inputs % groups !== 0) return undefined
  const area = elementCount(kernel)
  const axis = {axisFromEnd: shape.length - 1, rank: shape.length}
  const inputsPerGroup = inputs / groups
  return {
    biasSlot: 2,
    outputPlace: {channels: perGroup * groups, ...axis},
    inputPlace: {channels: inputs, ...axis},
    outputs: {
      side: 'output',
      inner: area,
      channelOf: (run) => Math.floor(run / (perGroup * inputsPerGroup)) * perGroup + (run % perGroup),
    },
    inputs: {side: 'input', inner: perGroup * area, channelOf: (run) => run},
  }
}

/** B `[K, N]`, or `[N, K]` with transB; A is `[M, K]`, or `[K, M]` with transA. */
function readGemm(node: Node, {shape}: Tensor): ReturnType<Reader> {
  if (shape.length !== 2 || node.attributes.has('broadcast')) return undefined
  const [rows, columns] = shape as [number, number]
  const [inner, outer] = node.int('transB', 0) === 0 ? ([rows, columns] as const) : ([columns, rows] as const)
  const isRowMajor = outer === rows && node.int('transB', 0) !== 0
  const byRow = {inner: columns, channelOf: (run: number) => run}
  const byColumn = {inner: 1, channelOf: (run: number) => run % columns}
  return {
    biasSlot: 2,
    outputPlace: {channels: outer, axisFromEnd: 1, rank: 2},
    inputPlace: {channels: inner, axisFromEnd: node.int('transA', 0) === 0 ? 1 : 2, rank: 2},
    outputs: {side: 'output', ...(isRowMajor ? byRow : byColumn)},
    inputs: {side: 'input', ...(isRowMajor ? byColumn : byRow)},
  }
}

/** B `[…, K, N]`; the data is `[…, M, K]`. */
function readMatMul(node: Node, {shape}: Tensor): ReturnType<Reader> {
  const [rows, columns] = shape.slice(-2) as [number, number]
  const dataRank = shapeOf(node.inputs[0])?.length
  if (shape.length < 2 || dataRank === 1) return undefined
  const rank = dataRank && Math.max(dataRank, shape.length)
  return {
    biasSlot: undefined,
    outputPlace: {channels: columns, axisFromEnd: 1, rank},
    inputPlace: {channels: rows, axisFromEnd: 1, rank: dataRank},
    outputs: {side: 'output', inner: 1, channelOf: (run) => run % columns},
    inputs: {side: 'input', inner: columns, channelOf: (run) => run % rows},
  }
}
