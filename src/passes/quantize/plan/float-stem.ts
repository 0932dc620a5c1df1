import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {elementCount} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {activationOf} from '../kernels/activation-of.js'
import {elementsOf, type SizeOf} from '../kernels/free-dims.js'
import {isDepthwise} from '../kernels/is-depthwise.js'

/** Fewer input channels than this fill no integer dot product: four uint8 are multiplied at a time, and the image must be unfolded. */
const FEW_CHANNELS = 4
/** A larger kernel has enough products per pixel to gain all the same: ResNet's 7×7 stem. */
const SMALL_KERNEL = 9

/**
 * Larger float tensors leave the caches, and integers, a quarter of their bytes, win: at batch 32 (12.8 and 25 million elements)
 * MobileNetV2 and SqueezeNet run 5 and 4 % faster with integers here, cnn_fm (0.7 million) in half the time with floats.
 */
const MOST_ELEMENTS = 4_000_000

/** Nodes of a squeeze-excite: a pool, two convolutions, two activations as two or three nodes each. */
const LONGEST_GATE = 9

const REASON = 'the first layers, wide and of few channels: float is faster'

/**
 * First layers that are faster in float: a small convolution of an image of one to four channels, its activation, and what follows
 * at full width: a MaxPool, or a depthwise convolution, whose whole residual block when its input is added again, or its squeeze-excite.
 *
 * Measured on one thread, AVX512-VNNI, against integers there: cnn_fm 1.42× to 2.13× of float, MobileNetV2 2.41× to 2.53×,
 * EfficientNet-B0 1.18× to 1.28×, MobileNetV3 small 1.45× to 1.60×, large 1.63× to 1.79×.
 *
 * @param sizeOf the sizes the model is expected to run with, the batch above all.
 * @returns the reason by node.
 */
export function floatStem(graph: Graph, sizeOf: SizeOf): Map<Node, string> {
  const stem = graph
    .nodes()
    .filter((node) => isSmallFirstConv(node) && isCached(node, sizeOf))
    .flatMap(stemFrom)
  return new Map(stem.map((node) => [node, REASON]))
}

function stemFrom(conv: Node): Node[] {
  const first = withActivation(conv)
  const readers = first.result.consumers
  const [reader] = readers
  if (readers.length === 1 && reader?.opType === 'MaxPool') return [...first.nodes, reader]
  const depthwise = readers.find(isDepthwise)
  if (!depthwise) return first.nodes
  const second = withActivation(depthwise)
  if (readers.length === 1) return [...first.nodes, ...second.nodes, ...squeezeExcite(second.result)]
  const block = residualBlock(readers, second.result.consumers)
  return block ? [...first.nodes, ...second.nodes, ...block] : first.nodes
}

function withActivation(conv: Node) {
  const {nodes, result} = activationOf(conv.outputs[0] as NonNullable<(typeof conv.outputs)[0]>)
  return {nodes: [conv, ...nodes], result}
}

/** The pool, the layers and the Mul that weigh a value's channels by what the pool sees of it; none where the value has other readers. */
function squeezeExcite({consumers}: Value): Node[] {
  const product = consumers.find(({opType}) => opType === 'Mul')
  const pool = consumers.find(({opType}) => opType === 'GlobalAveragePool')
  if (consumers.length !== 2 || !product || !pool) return []
  const between = new Set([pool])
  for (const node of between) {
    for (const output of node.outputs) {
      for (const reader of output?.consumers ?? []) if (reader !== product) between.add(reader)
    }
    if (between.size > LONGEST_GATE) return []
  }
  return [...between, product]
}

/** The projection behind a depthwise convolution and the Add that closes the block, when the block's input is its other operand. */
function residualBlock(readersOfInput: readonly Node[], readersOfDepthwise: readonly Node[]): Node[] | undefined {
  const [projection] = readersOfDepthwise
  if (readersOfDepthwise.length !== 1 || projection?.opType !== 'Conv') return undefined
  const sum = projection.outputs[0]?.consumers.find((node) => node.opType === 'Add' && readersOfInput.includes(node))
  return sum && readersOfInput.length === 2 ? [projection, sum] : undefined
}

function isSmallFirstConv(node: Node): boolean {
  const [data, weight] = node.inputs
  if (node.opType !== 'Conv' || !data || !weight?.constant || !data.graph.inputs.includes(data)) return false
  const [, channels = 0, ...kernel] = weight.constant.shape
  return channels <= FEW_CHANNELS && elementCount(kernel) <= SMALL_KERNEL
}

function isCached({outputs: [output]}: Node, sizeOf: SizeOf): boolean {
  return output === undefined || (elementsOf(output, sizeOf) ?? 0) <= MOST_ELEMENTS
}
