import {float} from '../../../ir/attribute.js'
import type {Node} from '../../../ir/node.js'
import {elementCount, float32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import {newerOpset} from '../newer-opset.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {type NormalizationPattern, normalizationPattern} from '../patterns/normalization-pattern.js'
import {removeUnread} from '../remove-unread.js'
import type {Rule} from '../rule.js'

/** Versions that brought the operators. */
const LAYER_NORMALIZATION = 17
const RMS_NORMALIZATION = 23

/** Decomposed layer normalization becomes LayerNormalization, without a mean RMSNormalization. ONNX LayerNormalization-17, RMSNormalization-23. */
export const fuseLayerNormalization: Rule = {
  name: 'fuse-layer-normalization',
  create: ({opsetOf}) =>
    nodeRule({
      name: 'fuse-layer-normalization',
      types: ['Div', 'Mul'],
      attempt: (node) => attempt(node, {opset: opsetOf(node), anyOpset: false}),
    }),
}

/**
 * The same in the form that ONNX Runtime takes at every opset: LayerNormalization in the standard domain, and its own
 * SimplifiedLayerNormalization for RMS.
 */
export const fuseOrtLayerNormalization: Rule = {
  name: 'fuse-ort-layer-normalization',
  fuseOrt: true,
  create: ({opsetOf}) =>
    nodeRule({
      name: 'fuse-ort-layer-normalization',
      types: ['Div', 'Mul'],
      attempt: (node) => attempt(node, {opset: opsetOf(node), anyOpset: true}),
    }),
}

function attempt(node: Node, {opset, anyOpset}: {opset: number; anyOpset: boolean}): Outcome {
  const pattern = normalizationPattern(node)
  if (!pattern || typeof pattern === 'string') return pattern
  const [opType, since] = pattern.isCentred
    ? (['LayerNormalization', LAYER_NORMALIZATION] as const)
    : (['RMSNormalization', RMS_NORMALIZATION] as const)
  if (opset < since && !anyOpset) return newerOpset(opType, since, opset)
  const scale = pattern.scale ?? ones(pattern, node)
  if (!scale) return 'the normalized sizes are not known'
  const isNewEnough = opset >= since
  return write(pattern, scale, isNewEnough || pattern.isCentred ? opType : 'SimplifiedLayerNormalization')
}

function write({data, axis, epsilon, offset, nodes}: NormalizationPattern, scale: Value, opType: string): Outcome {
  const last = nodes.at(-1) as Node
  const {graph} = last
  const inputs = [data, scale, ...(offset ? [offset] : [])]
  const attributes = {axis, epsilon: float(epsilon)}
  const fused = graph.insertBefore(last, {opType, inputs, attributes})
  const read = last.inputs.filter((value): value is Value => value !== undefined)
  graph.moveOutput(last.outputs[0] as Value, fused, 0)
  graph.remove(last)
  for (const value of read) removeUnread(value)
  return DONE
}

/** The scale is no option in the operator: a pattern without one gets ones. */
function ones({data, axis}: NormalizationPattern, {graph}: Node): Value | undefined {
  const sizes = shapeOf(data)?.slice(axis)
  if (!sizes?.every((size) => typeof size === 'number')) return undefined
  const shape = sizes as number[]
  return graph.constant(float32(new Float32Array(elementCount(shape)).fill(1), shape), 'ones')
}
