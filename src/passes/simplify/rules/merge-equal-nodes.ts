import type {Attribute} from '../../../ir/attribute.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport, Skip} from '../../pass.js'
import {isRandom} from '../patterns/random-ops.js'
import {redirect, whyNotRedirect} from '../redirect.js'

/** Domains whose operators give the same result for the same inputs; of others nothing is known. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'com.microsoft', 'ai.onnx.ml'])

/**
 * Common subexpressions: of two nodes with the same operator, inputs and attributes the second goes. A node in a subgraph may be
 * served by one that runs before it in a graph around.
 */
export const mergeEqualNodes: Pass = {name: 'merge-equal-nodes', run}

function run(graph: Graph): PassReport {
  const report: PassReport = {changed: [], skipped: []}
  mergeIn(graph, new Map(), new Ids(), report)
  return report
}

function mergeIn(graph: Graph, outer: ReadonlyMap<string, Node>, ids: Ids, report: PassReport): void {
  const known = new Map(outer)
  for (const node of graph.nodes()) {
    for (const subgraph of node.subgraphs) mergeIn(subgraph, known, ids, report)
    const key = keyOf(node, ids)
    if (key === undefined) continue
    const first = known.get(key)
    if (!first) {
      known.set(key, node)
      continue
    }
    const outcome = merge(node, first)
    if ('reason' in outcome) report.skipped.push(outcome)
    else report.changed.push(outcome)
  }
}

function merge(node: Node, first: Node): Change | Skip {
  const pairs = node.outputs.flatMap((value, slot): (readonly [Value, Value])[] => {
    const twin = first.outputs[slot]
    return value && twin ? [[value, twin]] : []
  })
  const reasons = pairs.map(([value, twin]) => whyNotRedirect(value, twin))
  const reason = reasons.find((one) => one !== undefined)
  if (reason) return {node: node.name, op: node.opType, reason}
  for (const [value, twin] of pairs) redirect(value, twin)
  node.graph.remove(node)
  return {rule: 'merge-equal-nodes', node: node.name, op: node.opType, to: first.name}
}

/** What two equal nodes share; undefined for nodes that are never merged. */
function keyOf(node: Node, ids: Ids): string | undefined {
  if (!KNOWN_DOMAINS.has(node.domain) || isRandom(node) || node.inputs.length === 0) return undefined
  const attributes = [...node.attributes].sort(([a], [b]) => (a < b ? -1 : 1))
  const texts = attributes.map(([name, attribute]) => `${name}=${textOf(attribute, ids)}`)
  if (texts.some((text) => text.endsWith(OPAQUE))) return undefined
  const inputs = node.inputs.map((value) => (value ? ids.of(value) : '-'))
  const outputs = node.outputs.map((value) => (value ? 1 : 0))
  return [node.domain, node.opType, inputs, outputs, ...texts].join('|')
}

const OPAQUE = '?'

function textOf(attribute: Attribute, ids: Ids): string {
  switch (attribute.type) {
    case 'int':
    case 'float':
      return `${attribute.type}:${attribute.value}`
    case 'ints':
    case 'floats':
      return `${attribute.type}:${attribute.value.join()}`
    case 'string':
      return `string:${JSON.stringify(Buffer.from(attribute.value).toString('latin1'))}`
    case 'strings':
      return `strings:${JSON.stringify(attribute.value.map((text) => Buffer.from(text).toString('latin1')))}`
    case 'tensor':
      return `tensor:${ids.of(attribute.value)}`
    default:
      return OPAQUE
  }
}

/** A number for each value or tensor met. */
class Ids {
  readonly #ids = new Map<Value | Tensor, number>()

  of(thing: Value | Tensor): number {
    const id = this.#ids.get(thing) ?? this.#ids.size
    this.#ids.set(thing, id)
    return id
  }
}
