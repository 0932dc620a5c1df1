import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'
import {rowOf, shapeOf} from './output-row.js'

/** Rows of the smallest table that an input is looked up in, by the input's name. */
export type TableSizes = ReadonlyMap<string, number>

/** They hand on the numbers of an input as they are. */
const SAME_NUMBERS: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Transpose'])

/** Which inputs are numbers of rows of a table: ids of tokens, users, items. */
export function tableSizes(graph: Graph): TableSizes {
  const sizes = new Map<string, number>()
  for (const node of graph.nodes()) {
    const [table, ids] = node.inputs
    const rows = table && isLookup(node) ? shapeOf(table)?.[0] : undefined
    const input = ids && inputBehind(ids)
    if (!input || !graph.inputs.includes(input) || typeof rows !== 'number') continue
    sizes.set(input.name, Math.min(rows, sizes.get(input.name) ?? rows))
  }
  return sizes
}

/** Along the first axis of a table of rows. */
function isLookup(node: Node): boolean {
  const [table] = node.inputs
  const isGather = node.domain === '' && node.opType === 'Gather' && node.int('axis', 0) === 0
  return isGather && table !== undefined && rowOf(table)?.length === 1
}

function inputBehind(value: Value): Value {
  const {producer} = value
  const from = producer?.domain === '' && SAME_NUMBERS.has(producer.opType) ? producer.inputs[0] : undefined
  return from ? inputBehind(from) : value
}
