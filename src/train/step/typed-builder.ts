import type {SpecOf} from '../../autodiff/backward.js'
import {typeNodes} from '../../autodiff/type-nodes.js'
import {GraphBuilder} from '../../ir/build.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'

/** Writes nodes at the end of a graph and fills in their types at once: gradients need the shapes of what they pass through. */
export class TypedBuilder extends GraphBuilder {
  readonly #infer: (node: Node) => void

  constructor(graph: Graph, specOf: SpecOf) {
    super(graph)
    this.#infer = typeNodes(specOf)
  }

  override node(...parts: Parameters<GraphBuilder['node']>): Node {
    const node = super.node(...parts)
    this.#infer(node)
    return node
  }
}
