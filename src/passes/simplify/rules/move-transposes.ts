import type {NodeParts} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {tensorType, type ValueType} from '../../../ir/types.js'
import type {Value} from '../../../ir/value.js'
import {type AxisOrder, inverseOf, listBefore} from '../patterns/axis-order.js'
import {permutationOf} from '../patterns/permutation.js'
import {reorderingOf} from '../patterns/reordered.js'
import type {Rule} from '../rule.js'

const NAME = 'move-transposes'
const CONVOLUTIONS: readonly string[] = ['Conv', 'ConvTranspose']
const AFFINE: readonly string[] = ['Add', 'Div', 'Mul', 'Sub']
const WINDOWS: readonly string[] = ['Conv', 'AveragePool', 'MaxPool']

/**
 * A Transpose between a convolution and what its weights can take goes behind that: biases and scales of channels-last heads. One
 * between a Pad and a window goes in front of the Pad. Each moves one way only: so it ends.
 */
export const moveTransposes: Rule = {
  name: NAME,
  create: ({opsetOf}) => ({
    name: NAME,
    run(graph) {
      const moved = graph.allNodes().filter((node) => {
        if (node.opType !== 'Transpose' || node.domain !== '' || !node.graph.has(node)) return false
        return sink(node, opsetOf(node)) || rise(node, opsetOf(node))
      })
      return {changed: moved.map(({name}) => ({rule: NAME, node: name, op: 'Transpose'})), skipped: []}
    },
  }),
}

/** `f(Transpose(conv))` becomes `Transpose(f(conv))`. */
function sink(transpose: Node, opset: number): boolean {
  const data = transpose.inputs[0]
  const turned = transpose.outputs[0]
  const reader = onlyReader(turned)
  const order = permutationOf(transpose)
  if (!data?.producer || !reader || !order || !CONVOLUTIONS.includes(data.producer.opType)) return false
  const reordering = AFFINE.includes(reader.opType) ? reorderingOf(reader, order, opset) : undefined
  const slot = reordering?.data[0]
  const result = reader.outputs[0]
  if (!reordering || slot === undefined || reordering.data.length > 1 || !result) return false
  const {graph} = transpose
  graph.setInput(reader, slot, data)
  reordering.apply()
  graph.remove(transpose)
  const inner = graph.detach(result)
  inner.type = reorderedType(result, inverseOf(order))
  graph.moveOutput(result, graph.insertAfter(reader, transposeOf(transpose, inner)), 0)
  return true
}

/** `Transpose(Pad(x))` becomes `Pad(Transpose(x))`. */
function rise(transpose: Node, opset: number): boolean {
  const pad = transpose.inputs[0]?.producer
  const turned = transpose.outputs[0]
  const window = onlyReader(turned)
  const order = permutationOf(transpose)
  const data = pad?.inputs[0]
  if (pad?.opType !== 'Pad' || onlyReader(pad.outputs[0]) !== transpose || !data || !turned || !order) return false
  if (!window || !WINDOWS.includes(window.opType) || window.inputs[0] !== turned) return false
  const reordering = reorderingOf(pad, inverseOf(order), opset)
  if (!reordering) return false
  const {graph} = pad
  graph.setInput(transpose, 0, undefined)
  graph.moveOutput(turned, pad, 0)
  graph.remove(transpose)
  const before = graph.insertBefore(pad, transposeOf(transpose, data)).outputs[0] as Value
  before.type = reorderedType(data, order)
  graph.setInput(pad, 0, before)
  reordering.apply()
  return true
}

/** The one place that reads a value, in the same graph. */
function onlyReader(value: Value | undefined): Node | undefined {
  const [reader] = value?.consumers ?? []
  return value?.uses.size === 1 && reader?.graph === value.graph ? reader : undefined
}

function transposeOf({name, attributes}: Node, data: Value): NodeParts {
  return {opType: 'Transpose', name, inputs: [data], attributes: Object.fromEntries(attributes)}
}

/** The type behind a Transpose. */
function reorderedType({type}: Value, order: AxisOrder): ValueType | undefined {
  if (type?.kind !== 'tensor' || !type.shape) return type
  return tensorType(type.dtype, listBefore(type.shape, inverseOf(order)))
}
