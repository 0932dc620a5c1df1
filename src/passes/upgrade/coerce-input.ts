import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'
import {tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {dtypeOf, shapeOf} from '../../ops/operand.js'

/** Makes a node work on its first input flattened to a matrix `[product before axis, product from axis]`, and gives its first output the old shape back. */
export function coerceInput(node: Node, axis: number): void {
  const {graph} = node
  const build = new GraphBuilder(graph, {before: node})
  const [input, output] = [node.inputs[0] as Value, node.outputs[0] as Value]
  const matrix = build.op('Flatten', [input], {axis})
  const shape = shapeAsValue(build, input)
  graph.setInput(node, 0, matrix)
  const result = graph.detach(output)
  result.type = tensorType(dtypeOf(input), undefined)
  const restored = graph.insertAfter(node, {opType: 'Reshape', inputs: [result, shape], outputs: 0})
  graph.moveOutput(output, restored, 0)
}

/** What Reshape needs to give a tensor the shape of `value`: constant while at most one size is free. */
function shapeAsValue(build: GraphBuilder, value: Value): Value {
  const shape = shapeOf(value)
  const free = shape?.filter((size) => typeof size !== 'number').length ?? 2
  // to Reshape, 0 means the size of its own input
  if (!shape || free > 1 || shape.includes(0)) return build.op('Shape', [value])
  return build.ints(shape.map((size) => (typeof size === 'number' ? size : -1)))
}
