import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Change, Pass, PassReport, Skip} from '../pass.js'

/** What a rule did to a node beyond being applied: where the work went, in words or names. */
export type Done = Pick<Change, 'from' | 'to'>

/** The rule was applied and there is nothing to add. */
export const DONE: Done = {}

/** What a rule says of a node: that it was applied, why it was not, or undefined for a node that is none of its business. */
export type Outcome = Done | string | undefined

/** A rule that looks at one node at a time. */
export interface NodeRule {
  readonly name: string
  /** Operators of the standard domain it looks at. */
  readonly types: readonly string[]
  /** Rewrites the graph around the node, or says why not. */
  attempt(node: Node): Outcome
}

/**
 * A pass that shows every node of some operators to one rule, subgraphs included, in execution order; nodes that the rule itself
 * removed on the way are not shown any more.
 */
export function nodeRule(rule: NodeRule): Pass {
  return {name: rule.name, run: (graph) => run(graph, rule)}
}

function run(graph: Graph, {name, types, attempt}: NodeRule): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  for (const node of graph.allNodes()) {
    if (node.domain !== '' || !types.includes(node.opType) || !node.graph.has(node)) continue
    const outcome = attempt(node)
    if (typeof outcome === 'string') skipped.push({node: node.name, op: node.opType, reason: outcome})
    else if (outcome) changed.push({rule: name, node: node.name, op: node.opType, ...outcome})
  }
  return {changed, skipped}
}
