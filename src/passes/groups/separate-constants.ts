import type {Graph} from '../../ir/graph.js'
import type {Value} from '../../ir/value.js'
import type {SpecOf} from '../../ops/specs-of.js'

/**
 * Gives every reader of a bias, a scale or an initial state one of its own: exporters keep equal ones once, and then layers that have nothing to do with
 * each other would lose the same channels. Weights that several nodes read stay one: they are shared on purpose. An Identity of a constant goes.
 */
export function separateConstants(graph: Graph, specOf: SpecOf): void {
  for (const node of graph.nodes()) {
    const [from, to] = [node.inputs[0], node.outputs[0]]
    if (node.opType !== 'Identity' || node.domain !== '' || !from?.constant || !to || to.isOutput) continue
    graph.replaceUses(to, from)
    graph.remove(node)
  }
  for (const value of graph.constants()) separate(graph, value, specOf)
}

function separate(graph: Graph, value: Value, specOf: SpecOf): void {
  const {constant} = value
  if (!constant || constant.shape.length === 0 || value.isOutput) return
  const uses = [...value.uses].flatMap((use) => ('node' in use ? [use] : []))
  const isWeight = uses.some(({node, index}) => specOf(node)?.parameters.weights.includes(index))
  if (isWeight) return
  for (const {node, index} of uses.slice(1)) {
    if (node.graph === graph) graph.setInput(node, index, graph.constant(constant, value.name))
  }
}
