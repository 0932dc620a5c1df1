import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'
import {constantLike} from './constant-like.js'
import {replaceNode} from './replace-node.js'

/** ImageScaler, an experiment of the first opsets that ends with 9: `y[n, c] = scale · x[n, c] + bias[c]`. */
export function imageScalerToMulAdd(node: Node): boolean {
  const build = new GraphBuilder(node.graph, {before: node})
  const bias = node.floats('bias', [])
  const scaled = build.op('Mul', [node.inputs[0], constantLike(node, build, [node.float('scale', 1)])])
  replaceNode(node, {
    opType: 'Add',
    inputs: [scaled, constantLike(node, build, bias, [bias.length, 1, 1])],
    attributes: {},
  })
  return true
}
