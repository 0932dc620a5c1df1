import type {Graph} from './graph.js'
import type {Node} from './node.js'
import type {Use, Value} from './value.js'

/**
 * Checks every invariant of a graph and its subgraphs: use lists match the slots, producers match the outputs,
 * nodes come after what they read, constants have no producer, names in one scope are unique.
 *
 * @returns what is wrong, one sentence each; empty when all is well.
 */
export function verify(graph: Graph): string[] {
  return verifyScope(graph, new Set())
}

function verifyScope(graph: Graph, outer: ReadonlySet<Value>): string[] {
  const faults: string[] = []
  const visible = new Set(outer)
  for (const value of [...graph.inputs, ...graph.constants()]) visible.add(value)
  for (const value of graph.constants()) {
    if (!value.constant) faults.push(`constant '${value.name}' has no contents`)
  }
  for (const node of graph.nodes()) {
    faults.push(...nodeFaults(node, visible))
    for (const subgraph of node.subgraphs) faults.push(...verifyScope(subgraph, visible))
    for (const value of node.outputs) if (value) visible.add(value)
  }
  graph.outputs.forEach((value, index) => {
    if (!visible.has(value)) faults.push(`graph output '${value.name}' is produced by nobody`)
    if (!hasUse(value, (use) => 'graph' in use && use.graph === graph && use.index === index)) {
      faults.push(`graph output '${value.name}' is missing from the use list`)
    }
  })
  return [...faults, ...duplicateNames(graph), ...staleUses(graph)]
}

function nodeFaults(node: Node, visible: ReadonlySet<Value>): string[] {
  const faults: string[] = []
  node.inputs.forEach((value, index) => {
    if (!value) return
    if (!visible.has(value)) faults.push(`${node.opType} '${node.name}' reads '${value.name}' before it exists`)
    if (!hasUse(value, (use) => 'node' in use && use.node === node && use.index === index)) {
      faults.push(`${node.opType} '${node.name}': input ${index} is missing from the use list of '${value.name}'`)
    }
  })
  for (const value of node.outputs) {
    if (value && value.producer !== node) faults.push(`'${value.name}' does not know its producer '${node.name}'`)
    if (value?.constant) faults.push(`'${value.name}' is both constant and produced by '${node.name}'`)
  }
  return faults
}

function staleUses(graph: Graph): string[] {
  const values = [...graph.inputs, ...graph.constants(), ...graph.nodes().flatMap((node) => node.outputs)]
  return values.flatMap((value) =>
    [...(value?.uses ?? [])].filter(isStale).map(() => `'${value?.name}' has a use that is gone`),
  )
}

function isStale(use: Use): boolean {
  if ('graph' in use) return use.graph.outputs[use.index] === undefined
  return !use.node.graph.has(use.node) || use.node.slots[use.index] !== use
}

function duplicateNames(graph: Graph): string[] {
  const seen = new Set<string>()
  const faults: string[] = []
  const values = [...graph.inputs, ...graph.constants(), ...graph.nodes().flatMap((node) => node.outputs)]
  for (const value of new Set(values)) {
    if (!value) continue
    if (seen.has(value.name)) faults.push(`two values are named '${value.name}'`)
    seen.add(value.name)
  }
  return faults
}

function hasUse(value: Value, matches: (use: Use) => boolean): boolean {
  return [...value.uses].some(matches)
}
