import type {Node} from '../../ir/node.js'
import {affineNode} from './patterns/affine.js'

/**
 * Whether a node with a constant operand ends a decomposed normalization or Gelu. ONNX Runtime fuses those when it loads the model,
 * and fuse-layer-normalization and fuse-gelu do in the file: moving the constant elsewhere would cost more than it gains.
 */
export function endsFusedPattern(node: Node): boolean {
  let source: Node | undefined = node
  for (let affine = affineNode(node); affine; affine = source && affineNode(source)) source = affine.data.producer
  if (source?.opType === 'Div') return source.inputs[1]?.producer?.opType === 'Sqrt'
  if (source?.opType !== 'Mul') return false
  return source.inputs.some((value) => isGate(value?.producer))
}

/** `1 + erf(…)`, `1 + tanh(…)`, `1/√(…)`. */
function isGate(node: Node | undefined): boolean {
  if (node?.opType === 'Reciprocal' || (node?.opType === 'Mul' && node.inputs.some((value) => value?.constant))) {
    return node.inputs.some((value) => isGate(value?.producer) || value?.producer?.opType === 'Sqrt')
  }
  return node?.opType === 'Add' && node.inputs.some((value) => /^(Erf|Tanh)$/.test(value?.producer?.opType ?? ''))
}
