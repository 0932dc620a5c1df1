import {type Dim, mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {convMacs} from '../conv/conv.js'
import {slide, windowOf} from '../conv/window.js'
import {upsample7} from '../movement/resize.js'
import {type InferContext, type Inferred, type OpSpec, refuse} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {averagePool} from '../pool/average-pool.js'
import {globalAveragePool, globalMaxPool} from '../pool/global-pool.js'
import {maxPool} from '../pool/max-pool.js'
import {record} from '../record.js'

/**
 * The layout ONNX Runtime's optimizer gives convolutions on the CPU: blocks of 8 or 16 channels, the rest filled up with zeros.
 * Such files run on machines like the one that wrote them only; these records are for reading them.
 */
const BLOCKED = refuse('it is in the blocked layout already: start from the model before ONNX Runtime optimized it')
const LARGEST_BLOCK = 16

function inBlocks(spec: OpSpec): OpSpec {
  return {...spec, domain: 'com.microsoft.nchwc', sinceOpset: 1, gradient: BLOCKED, quantize: BLOCKED, prune: BLOCKED}
}

export const blockedPools: readonly OpSpec[] = [averagePool, maxPool, globalAveragePool, globalMaxPool].map(inBlocks)

/** Conv: as ONNX's, then optionally a sum and an activation; the weight's channels are filled up too. */
export const blockedConv = inBlocks(
  record({
    type: 'Conv',
    sinceOpset: 1,
    infer: inferConv,
    parameters: {weights: [1], biases: [2]},
    macs: (node) => convMacs(node, shapeOf(node.inputs[1])),
  }),
)

/** Upsample: by whole factors. */
export const blockedUpsample = inBlocks({...upsample7, infer: inferUpsample})

/** ReorderInput: [N, C, …] into blocks; how many channels that makes is known when no block has to be filled. */
export const reorderInput = inBlocks(record({type: 'ReorderInput', sinceOpset: 1, infer: inferReorderInput}))

/** ReorderOutput: out of blocks into `channels` channels, last where the attribute says so. */
export const reorderOutput = inBlocks(record({type: 'ReorderOutput', sinceOpset: 1, infer: inferReorderOutput}))

function inferConv(node: Node): readonly Inferred[] {
  const [{dtype, shape}, weight] = [operand(node, 0), shapeOf(node.inputs[1])]
  if (!shape || !weight) return [{dtype, shape: undefined}]
  return [{dtype, shape: [shape[0], weight[0], ...slide(node, shape.slice(2), windowOf(node, weight.slice(2)))]}]
}

function inferUpsample(node: Node, ctx: InferContext): readonly Inferred[] {
  const factors = node.ints('scales', undefined)
  if (!factors) return upsample7.infer(node, ctx)
  const {dtype, shape} = operand(node, 0)
  return [{dtype, shape: shape?.map((size, axis) => mulDims(size, factors[axis] ?? 1))}]
}

function inferReorderInput(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const isLast = node.int('channels_last', 0) === 1
  const [batch, channels, ...spatial] = (isLast ? shape && channelsToFront(shape) : shape) ?? []
  return [{dtype, shape: shape && [batch, wholeBlocks(channels), ...spatial]}]
}

function inferReorderOutput(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{dtype, shape}]
  const channels = node.int('channels', undefined)
  const spatial = shape.slice(2)
  const isLast = node.int('channels_last', 0) === 1
  return [{dtype, shape: isLast ? [shape[0], ...spatial, channels] : [shape[0], channels, ...spatial]}]
}

function channelsToFront(shape: Shape): Shape {
  return [...shape.slice(0, 1), ...shape.slice(-1), ...shape.slice(1, -1)]
}

function wholeBlocks(channels: Dim): Dim {
  return typeof channels === 'number' && channels % LARGEST_BLOCK === 0 ? channels : undefined
}
