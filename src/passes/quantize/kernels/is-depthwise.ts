import type {Node} from '../../../ir/node.js'

/** Whether a node is a convolution with a constant weight, one filter per channel. */
export function isDepthwise(node: Node): boolean {
  const [channels, perGroup] = node.inputs[1]?.constant?.shape ?? []
  return node.opType === 'Conv' && perGroup === 1 && channels !== undefined && node.int('group', 1) === channels
}
