import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'

/** DFT 20: `axis` became an input, with another default. */
export function axisToInput(node: Node): boolean {
  const axis = new GraphBuilder(node.graph).scalar(node.int('axis', 1), 'int64', `${node.name}_axis`)
  node.graph.setInput(node, 2, axis)
  node.attributes.delete('axis')
  return true
}
