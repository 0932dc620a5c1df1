import {axisFromStart} from '../../../ir/axis-from-start.js'
import type {Node} from '../../../ir/node.js'
import {readNumbers} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'

/** ReduceMean over all spatial axes that keeps them becomes GlobalAveragePool, which ONNX Runtime fuses into its convolution layout. */
export const fuseGlobalAveragePool: Pass = nodeRule({
  name: 'fuse-global-average-pool',
  types: ['ReduceMean'],
  attempt,
})

function attempt(node: Node): Outcome {
  const [data] = node.inputs
  const shape = shapeOf(data)
  const axes = axesOf(node)
  if (!data || !axes || node.int('keepdims', 1) !== 1) return undefined
  if (!shape) return axes.every((axis) => axis >= 2) ? 'the rank of its input is not known' : undefined
  const rank = shape.length
  const sorted = axes.map((axis) => axisFromStart(axis, rank)).sort((a, b) => a - b)
  // with three axes it is the mean of a sequence's features, which ONNX Runtime knows as a part of layer normalization
  if (rank < 4 || sorted.length !== rank - 2 || !sorted.every((axis, i) => axis === i + 2)) return undefined
  if (isOfNormalization(node)) return 'it is part of a normalization'
  const result = node.outputs[0] as Value
  const pool = node.graph.insertBefore(node, {opType: 'GlobalAveragePool', inputs: [data]})
  node.graph.moveOutput(result, pool, 0)
  node.graph.remove(node)
  return DONE
}

/** The mean that is taken away, or the mean of squares. */
function isOfNormalization(node: Node): boolean {
  const squares = node.inputs[0]?.producer?.opType === 'Pow'
  return squares || (node.outputs[0]?.consumers.some(({opType}) => opType === 'Sub') ?? false)
}

/** The axes a reduction names, by attribute or, since opset 18, by a constant input; undefined for all or unknown ones. */
export function axesOf(node: Node): readonly number[] | undefined {
  const input = node.inputs[1]
  if (!input) return node.ints('axes', undefined)
  return input.constant && readNumbers(input.constant)
}
