import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'

/** TopK 10: `k` became an input, a vector of one element. */
export function kToInput(node: Node): boolean {
  node.graph.setInput(node, 1, new GraphBuilder(node.graph).ints([node.int('k', 1)], `${node.name}_k`))
  return node.attributes.delete('k')
}
