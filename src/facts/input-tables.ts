import type {Graph} from '../ir/graph.js'
import {indexedRows, type Lookup} from '../ir/indexed-rows.js'
import {rowOf, shapeOf} from './output-row.js'

/** Rows of the smallest table that an input is looked up in, by the input's name. */
export type TableSizes = ReadonlyMap<string, number>

/** They hand on the numbers of an input as they are, all of them. */
const SAME_NUMBERS: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Transpose'])

/** Along the first axis of a table of rows: every number is that of a row, or the model fails. */
const LOOKUP: Lookup = {
  rowsAt(node, slot) {
    const [table] = node.inputs
    const isGather = node.domain === '' && node.opType === 'Gather' && node.int('axis', 0) === 0 && slot === 1
    if (!isGather || !table || rowOf(table)?.length !== 1) return undefined
    const rows = shapeOf(table)?.[0]
    return typeof rows === 'number' ? rows : undefined
  },
  carries: ({domain, opType}, slot) => domain === '' && slot === 0 && SAME_NUMBERS.has(opType),
}

/** Which inputs are numbers of rows of a table: ids of tokens, users, items. */
export function tableSizes(graph: Graph): TableSizes {
  const found = graph.inputs.map((input) => [input.name, indexedRows(input, LOOKUP)] as const)
  return new Map(found.filter((entry): entry is readonly [string, number] => entry[1] !== undefined))
}
