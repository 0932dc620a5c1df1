import type {Value} from '../../ir/value.js'

/** Removes the node that computed a value nobody reads any more, and what only that node read, and so on. Mutates the graph. */
export function removeUnread(value: Value): void {
  const node = value.producer
  if (!node?.graph.has(node) || node.outputs.some((output) => output && output.uses.size > 0)) return
  const inputs = new Set(node.inputs)
  node.graph.remove(node)
  for (const input of inputs) if (input) removeUnread(input)
}
