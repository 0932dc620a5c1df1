import type {Attribute} from './attribute.js'
import {Graph} from './graph.js'
import type {Node} from './node.js'
import type {Value} from './value.js'

/** Where copies go, and what already stands for values of the original. */
export interface CopyPlace {
  readonly graph: Graph
  /** In front of this node; at the end when absent. */
  readonly before?: Node | undefined
  /** Original value to the value that takes its place. Copies are added. */
  readonly known: Map<Value, Value>
  /** The name a copied node asks for; its own when absent. */
  readonly nameOf?: (node: Node) => string | undefined
}

/**
 * Copies all nodes and constants of a graph into another one. Inputs of `from` must be in `place.known`; what it captures
 * from outside stays captured. Names are kept where they are free. Tensors are shared, not copied.
 *
 * @returns what stands for the outputs of `from`.
 */
export function copyInto(from: Graph, place: CopyPlace): Value[] {
  const {graph, known} = place
  for (const value of from.constants()) {
    if (value.constant) known.set(value, graph.constant(value.constant, value.name))
  }
  for (const node of from.nodes()) copyNode(node, place)
  return from.outputs.map((value) => known.get(value) ?? value)
}

/** Copies one node; its inputs are looked up in `place.known`. Types come along. */
export function copyNode(node: Node, place: CopyPlace): Node {
  const {graph, before, known} = place
  const name = place.nameOf ? place.nameOf(node) : node.namedInFile ? node.name : undefined
  const parts = {
    opType: node.opType,
    domain: node.domain,
    ...(name !== undefined && {name}),
    inputs: node.inputs.map((value) => value && (known.get(value) ?? value)),
    outputs: node.outputs.map((value) => value?.name),
  }
  const copy = before ? graph.insertBefore(before, parts) : graph.append(parts)
  node.outputs.forEach((value, index) => {
    const made = copy.outputs[index]
    if (!value || !made) return
    made.type = value.type
    known.set(value, made)
  })
  for (const [key, attribute] of node.attributes) copy.attributes.set(key, copyAttribute(attribute, place))
  return copy
}

/**
 * A copy with names of its own, for work that must not touch the original; `dissolve` it when done.
 *
 * @param nameOf the name a copied node asks for; that of the file when absent.
 */
export function copyGraph(
  from: Graph,
  parent?: Graph,
  outer: ReadonlyMap<Value, Value> = new Map(),
  nameOf?: CopyPlace['nameOf'],
): Graph {
  const graph = new Graph(from.name, parent)
  const known = new Map(outer)
  for (const input of from.inputs) known.set(input, graph.addInput(freeName(graph, input.name), input.type))
  for (const value of copyInto(from, {graph, known, ...(nameOf && {nameOf})})) graph.addOutput(value)
  return graph
}

function freeName(graph: Graph, name: string): string {
  const fresh = graph.names.fresh(name)
  graph.names.release(fresh)
  return fresh
}

function copyAttribute(attribute: Attribute, {graph, known, nameOf}: CopyPlace): Attribute {
  if (attribute.type === 'graph') return {type: 'graph', value: copyGraph(attribute.value, graph, known, nameOf)}
  if (attribute.type !== 'graphs') return attribute
  return {type: 'graphs', value: attribute.value.map((subgraph) => copyGraph(subgraph, graph, known, nameOf))}
}
