import type {Node} from './node.js'
import type {Value} from './value.js'

/** What counts as a look-up in a table, and what stands before one. */
export interface Lookup {
  /** Rows of the table that a node looks the value at this slot up in; undefined when it does no such thing. */
  rowsAt(node: Node, slot: number): number | undefined
  /** Whether the node hands the elements at this slot on as they are. */
  carries(node: Node, slot: number): boolean
}

/** Rows of the smallest table that a value indexes, through nodes that hand it on; undefined when it indexes none. */
export function indexedRows(value: Value, lookup: Lookup, seen: Set<Value> = new Set()): number | undefined {
  if (seen.has(value)) return undefined
  seen.add(value)
  const rows = [...value.uses].flatMap((use) => {
    if (!('node' in use)) return []
    const {node, index} = use
    const here = lookup.rowsAt(node, index)
    if (here !== undefined) return [here]
    if (!lookup.carries(node, index)) return []
    return node.outputs.flatMap((output) => (output ? (indexedRows(output, lookup, seen) ?? []) : []))
  })
  return rows.length > 0 ? Math.min(...rows) : undefined
}
