import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Pass, PassReport, Skip} from '../../pass.js'
import {becomeConstant, removeUnread} from '../become-constant.js'
import {evaluateValues} from '../evaluate-values.js'
import {whyNotFold} from '../foldable.js'
import {foldedGrowths} from '../folded-growth.js'
import type {Evaluate, Rule, RuleContext} from '../rule.js'

/**
 * Computes what depends on constants alone, once, here. All nodes of a round are evaluated together. Where results are larger than what
 * they replace, the file grows by at most the limit, all rounds together; what goes beyond stays computed.
 */
export const foldConstants: Rule = {name: 'fold-constants', create}

function create({evaluate, versions, limitBytes}: RuleContext): Pass {
  if (!evaluate) return {name: 'fold-constants', run: () => ({changed: [], skipped: []})}
  const folding: Folding = {evaluate, versions, left: new Map(), allowedBytes: limitBytes}
  return {name: 'fold-constants', run: (graph) => run(graph, folding)}
}

interface Folding extends Pick<RuleContext, 'versions'> {
  readonly evaluate: Evaluate
  /** Why a node was left in an earlier round: it is not tried again. */
  readonly left: Map<Node, string>
  /** How much the file may still grow. */
  allowedBytes: number
}

async function run(graph: Graph, folding: Folding): Promise<PassReport> {
  const {foldable, skipped} = collect(graph.allNodes(), folding)
  const roots = rootsOf(foldable)
  const results = roots.length > 0 ? await evaluateValues(roots, folding.versions, folding.evaluate) : []
  // all sizes before the first change: they depend on who reads what
  const growths = foldedGrowths(roots, results.map(tensorOf), foldable, folding.allowedBytes)
  roots.forEach((root, index) => {
    const result = results[index] ?? {refused: 'it gave no result'}
    const reason = 'refused' in result ? result.refused : tooLarge(growths[index] ?? 0, folding)
    if (reason !== undefined) skipped.push(leave(root.producer as Node, reason, folding))
    else if (!('refused' in result)) {
      folding.allowedBytes -= Math.max(0, growths[index] ?? 0)
      becomeConstant(root, result)
    }
  })
  const gone = removeUnread([...foldable])
  return {changed: gone.map((node) => ({rule: 'fold-constants', node: node.name, op: node.opType})), skipped}
}

function tensorOf(result: Tensor | {readonly refused: string} | undefined): Tensor | undefined {
  return result && 'dtype' in result ? result : undefined
}

/** Nodes that only constants and each other feed, less those whose results would be too large. */
function collect(nodes: readonly Node[], folding: Folding): {foldable: Set<Node>; skipped: Skip[]} {
  for (;;) {
    const foldable = new Set<Node>()
    const skipped: Skip[] = []
    for (const node of nodes) {
      if (!node.inputs.every((value) => isKnown(value, foldable))) continue
      const reason = folding.left.get(node) ?? whyNotFold(node)
      if (reason === undefined) foldable.add(node)
      else if (reason !== '') skipped.push({node: node.name, op: node.opType, reason})
    }
    const roots = rootsOf(foldable)
    const growths = foldedGrowths(roots, [], foldable, folding.allowedBytes)
    const left = roots.filter((root, index) => {
      const reason = tooLarge(growths[index] ?? 0, folding)
      if (reason !== undefined) leave(root.producer as Node, reason, folding)
      return reason !== undefined
    })
    if (left.length === 0) return {foldable, skipped}
  }
}

function tooLarge(growth: number, {allowedBytes}: Folding): string | undefined {
  return growth > Math.max(0, allowedBytes) ? `the file would grow by ${growth} bytes` : undefined
}

function leave(node: Node, reason: string, {left}: Folding): Skip {
  left.set(node, reason)
  return {node: node.name, op: node.opType, reason}
}

function isKnown(value: Value | undefined, foldable: ReadonlySet<Node>): boolean {
  if (!value || value.constant) return true
  return value.producer !== undefined && foldable.has(value.producer)
}

/** What somebody outside of the set reads. */
function rootsOf(foldable: ReadonlySet<Node>): Value[] {
  const values = [...foldable].flatMap((node) => node.outputs.filter((value) => value !== undefined))
  return values.filter((value) => [...value.uses].some((use) => 'graph' in use || !foldable.has(use.node)))
}
