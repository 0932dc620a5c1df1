import type {Dim} from '../../../ir/dim.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {operandOf} from '../../../ops/operand.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {removeUnread} from '../become-constant.js'
import {redirect} from '../redirect.js'
import type {Rule, RuleContext} from '../rule.js'

/**
 * Shape arithmetic that comes to the same sizes is done once: the batch read from one tensor serves for all. Two sizes are the same
 * when their expressions over the named sizes of the inputs are.
 */
export const mergeSizes: Rule = {
  name: 'merge-sizes',
  create: (context): Pass => ({name: 'merge-sizes', run: (graph) => run(graph, context)}),
}

function run(graph: Graph, context: RuleContext): PassReport {
  const changed: Change[] = []
  mergeIn(graph, new Map(), context, changed)
  return {changed, skipped: []}
}

/** @param outer what is computed before, in the graphs around. */
function mergeIn(graph: Graph, outer: ReadonlyMap<string, Value>, context: RuleContext, changed: Change[]): void {
  const known = new Map(outer)
  for (const node of graph.nodes()) {
    if (!graph.has(node)) continue
    for (const subgraph of node.subgraphs) mergeIn(subgraph, known, context, changed)
    const [value] = node.outputs
    const key = value && node.outputs.length === 1 ? keyOf(value, context.contentsOf(value)) : undefined
    if (!value || key === undefined) continue
    const first = known.get(key)
    if (!first) known.set(key, value)
    else if (merge(node, value, first)) changed.push({rule: 'merge-sizes', node: node.name, op: node.opType})
  }
}

function merge(node: Node, value: Value, first: Value): boolean {
  if (value.isOutput || value.uses.size === 0) return false
  redirect(value, first)
  return removeUnread([node]).length === 1
}

/** Numbers alone become constants elsewhere; what has an unknown element equals nothing. */
function keyOf(value: Value, contents: readonly Dim[] | undefined): string | undefined {
  const {dtype, shape} = operandOf(value)
  if (!contents || contents.includes(undefined) || !contents.some((size) => typeof size === 'string')) return undefined
  if (!shape || shape.some((size) => typeof size !== 'number')) return undefined
  return JSON.stringify([dtype, shape, contents])
}
