import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {sizeBytes, type Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {Pass, PassReport, Skip} from '../pass.js'
import {becomeConstant, removeUnread} from './become-constant.js'
import {evaluateValues} from './evaluate-values.js'
import {whyNotFold} from './foldable.js'
import type {Evaluate, Rule, RuleContext} from './rule.js'
import {sizeOfType} from './size-of-type.js'

/**
 * Computes what depends on constants alone, once, here. All nodes of a round are evaluated together. A result that is larger than the
 * constants it replaces by more than the limit stays computed, so that files do not explode.
 */
export const foldConstants: Rule = {name: 'fold-constants', create}

function create(context: RuleContext): Pass {
  const {evaluate} = context
  /** Why a node was left in an earlier round: it is not tried again. */
  const left = new Map<Node, string>()
  return {
    name: 'fold-constants',
    run: async (graph) => (evaluate ? run(graph, {evaluate, context, left}) : {changed: [], skipped: []}),
  }
}

interface Folding {
  readonly evaluate: Evaluate
  readonly context: RuleContext
  readonly left: Map<Node, string>
}

async function run(graph: Graph, folding: Folding): Promise<PassReport> {
  const {evaluate, context, left} = folding
  const nodes = graph.allNodes()
  const {foldable, skipped} = collect(nodes, folding)
  const roots = foldable.size > 0 ? rootsOf(foldable) : []
  const results = roots.length > 0 ? await evaluateValues(roots, context.versions, evaluate) : []
  roots.forEach((root, index) => {
    const result = results[index] ?? {refused: 'it gave no result'}
    const reason = 'refused' in result ? result.refused : tooLarge(root, result, foldable, context.limitBytes)
    if (reason !== undefined) skipped.push(leave(root.producer as Node, reason, left))
    else if (!('refused' in result)) becomeConstant(root, result)
  })
  const gone = removeUnread([...foldable])
  return {changed: gone.map((node) => ({rule: 'fold-constants', node: node.name, op: node.opType})), skipped}
}

/** Nodes that only constants and each other feed, less those whose results would be too large. */
function collect(nodes: readonly Node[], {context, left}: Folding): {foldable: Set<Node>; skipped: Skip[]} {
  for (;;) {
    const foldable = new Set<Node>()
    const skipped: Skip[] = []
    for (const node of nodes) {
      if (!node.graph.has(node) || !node.inputs.every((value) => isKnown(value, foldable))) continue
      const reason = left.get(node) ?? whyNotFold(node)
      if (reason === undefined) foldable.add(node)
      else if (reason !== '') skipped.push({node: node.name, op: node.opType, reason})
    }
    const tooBig = rootsOf(foldable).filter((root) => {
      const reason = tooLarge(root, undefined, foldable, context.limitBytes)
      if (reason !== undefined) left.set(root.producer as Node, reason)
      return reason !== undefined
    })
    if (tooBig.length === 0) return {foldable, skipped}
  }
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

/** @param result undefined before it is computed: then its type tells, if it can. */
function tooLarge(
  root: Value,
  result: Tensor | undefined,
  foldable: ReadonlySet<Node>,
  limitBytes: number,
): string | undefined {
  const bytes = result ? sizeBytes(result) : sizeOfType(root.type)
  if (bytes === undefined || bytes <= limitBytes) return undefined
  const saved = replacedBytes(root, foldable)
  return bytes <= saved + limitBytes ? undefined : `its result would take ${bytes} bytes instead of ${saved}`
}

/** Bytes of the constants that nobody needs any more once the value is one itself. */
function replacedBytes(root: Value, foldable: ReadonlySet<Node>): number {
  const cone = new Set<Node>()
  const sources = new Set<Value>()
  const open = [root.producer as Node]
  for (let node = open.pop(); node; node = open.pop()) {
    if (cone.has(node)) continue
    cone.add(node)
    for (const value of node.inputs) {
      if (value?.constant) sources.add(value)
      else if (value?.producer && foldable.has(value.producer)) open.push(value.producer)
    }
  }
  const freed = [...sources].filter((value) => [...value.uses].every((use) => 'node' in use && cone.has(use.node)))
  return freed.reduce((sum, value) => sum + sizeBytes(value.constant as Tensor), 0)
}

function leave(node: Node, reason: string, left: Map<Node, string>): Skip {
  left.set(node, reason)
  return {node: node.name, op: node.opType, reason}
}
