import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'

/** Fewer input channels than this fill no integer dot product: four uint8 are multiplied at a time, and the image must be unfolded. */
const FEW_CHANNELS = 4
/** A larger kernel has enough products per pixel to gain all the same: ResNet's 7×7 stem. */
const SMALL_KERNEL = 9

const REASON = 'a small first convolution of few channels: float is faster'

/**
 * First layers that are faster in float: a 3×3 convolution of an image of one to four channels (measured 0.5× as integers), with
 * the activation and the MaxPool behind it.
 *
 * @returns the reason by node.
 */
export function floatStem(graph: Graph): Map<Node, string> {
  const stem = new Set<Node>()
  for (const node of graph.nodes()) if (isSmallFirstConv(node)) stem.add(node)
  for (const node of stem) {
    const readers = node.outputs[0]?.consumers ?? []
    const [reader] = readers
    if (readers.length === 1 && reader && FOLLOWERS.has(reader.opType)) stem.add(reader)
  }
  return new Map([...stem].map((node) => [node, REASON]))
}

/** Operators that ONNX Runtime fuses into a float convolution or runs in its blocked layout. */
const FOLLOWERS: ReadonlySet<string> = new Set(['Relu', 'Clip', 'MaxPool'])

function isSmallFirstConv(node: Node): boolean {
  const [data, weight] = node.inputs
  if (node.opType !== 'Conv' || !data || !weight?.constant || !data.graph.inputs.includes(data)) return false
  const [, channels = 0, ...kernel] = weight.constant.shape
  return channels <= FEW_CHANNELS && kernel.reduce((product, size) => product * size, 1) <= SMALL_KERNEL
}
