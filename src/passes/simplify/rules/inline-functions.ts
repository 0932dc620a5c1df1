import {UnsupportedError} from '../../../errors.js'
import {copyInto} from '../../../ir/copy-graph.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {Pass, PassReport} from '../../pass.js'
import {takeOver} from '../redirect.js'
import type {Rule, RuleContext} from '../rule.js'

/** Functions that call functions: no real model nests deeper, and a function must not call itself. */
const MAX_DEPTH = 64
/** A few functions that call each other twice can make billions of nodes. */
const MAX_CALLS = 100_000

/** Puts the body of a model-local function in place of each call, attributes filled in; functions called by functions too. */
export const inlineFunctions: Rule = {
  name: 'inline-functions',
  create: (context): Pass => ({name: 'inline-functions', run: (graph) => run(graph, context)}),
}

async function run(graph: Graph, context: RuleContext): Promise<PassReport> {
  const report: PassReport = {changed: [], skipped: []}
  for (let depth = 0, more = true; more && depth < MAX_DEPTH; depth++) {
    report.skipped = []
    more = false
    for (const node of graph.allNodes()) {
      if (report.changed.length >= MAX_CALLS) throw tooManyCalls(node)
      more = (await inlineCall(node, context, report)) || more
    }
  }
  return report
}

function tooManyCalls({opType}: Node): UnsupportedError {
  return new UnsupportedError(`the functions of the model, such as ${opType}, expand to more than ${MAX_CALLS} calls`, {
    hint: 'Leave them as they are with --skip inline-functions',
  })
}

async function inlineCall(node: Node, {functionBody}: RuleContext, report: PassReport): Promise<boolean> {
  const body = node.graph.has(node) ? await functionBody?.(node) : undefined
  if (!body) return false
  if ('refused' in body) {
    report.skipped.push({node: node.name, op: node.opType, reason: body.refused})
    return false
  }
  inline(node, body)
  report.changed.push({rule: 'inline-functions', node: node.name, op: node.opType})
  return true
}

/** Fresh names are made of the call's name, so that they say where a node came from. */
function inline(call: Node, body: Graph): void {
  const {graph} = call
  const known = new Map<Value, Value>()
  const missing = body.inputs.filter((input, slot) => {
    const given = call.inputs[slot]
    if (given) known.set(input, given)
    return !given
  })
  const nameOf = (node: Node) => (node.namedInFile ? `${call.name}/${node.name}` : undefined)
  // an optional input that is not given is not given to the nodes inside either
  for (const input of missing) for (const use of [...input.uses]) if ('node' in use) dropInput(use.node, use.index)
  takeOver(call, copyInto(body, {graph, before: call, known, nameOf}))
  graph.remove(call)
}

function dropInput(node: Node, index: number): void {
  node.graph.setInput(node, index, undefined)
}
