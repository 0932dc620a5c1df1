import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {Change, Pass, PassReport, Skip} from '../pass.js'

/** Removes Identity nodes and joins their consumers to the input. Outputs of the graph keep their names. */
export const removeIdentity: Pass = {name: 'remove-identity', run}

function run(graph: Graph): PassReport {
  const skipped: Skip[] = []
  const changed: Change[] = []
  for (const node of graph.allNodes()) {
    if (node.opType !== 'Identity' || node.domain !== '') continue
    const reason = whyNot(node)
    if (reason) {
      skipped.push({node: node.name, op: node.opType, reason})
      continue
    }
    const [from, to] = [node.outputs[0] as Value, node.inputs[0] as Value]
    node.graph.replaceUses(from, to)
    node.graph.remove(node)
    changed.push({rule: 'remove-identity', node: node.name})
  }
  return {changed, skipped}
}

function whyNot(node: Node): string | undefined {
  if (node.outputs[0]?.isOutput) return 'it names a graph output'
  return undefined
}
