import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {readNumbers} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'

/** Operators whose result has elements of all inputs, and of the first input only. */
const COMBINES: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Range', 'Concat', 'Min', 'Max', 'Mod'])
const MOVES: ReadonlySet<string> = new Set([
  ...['Cast', 'Identity', 'Unsqueeze', 'Squeeze', 'Reshape', 'Expand', 'Slice', 'Gather', 'Transpose', 'Flatten'],
  ...['CumSum', 'Tile', 'Floor', 'Ceil', 'ReduceMax'],
])

/** How far back a shape computation is followed: exporters need fewer than ten nodes from Shape to the index. */
const DEPTH_LIMIT = 24

/**
 * Rows of the smallest constant table that is indexed by lengths: a Gather whose indices, or a Slice whose end, are computed from
 * the Shape of something. Position embeddings look like this, and no input may be longer. Infinity when there is none.
 */
export function smallestLengthTable(graph: Graph): number {
  const sizes = graph.allNodes().map(tableLength)
  return Math.min(Number.POSITIVE_INFINITY, ...sizes)
}

function tableLength(node: Node): number {
  const table = node.inputs[0]?.constant
  const index = node.inputs[node.opType === 'Slice' ? 2 : 1]
  if (!table || table.shape.length < 2 || !index || !comesFromShape(index, DEPTH_LIMIT)) return Number.POSITIVE_INFINITY
  if (node.opType === 'Gather') return table.shape.at(node.int('axis', 0)) ?? Number.POSITIVE_INFINITY
  if (node.opType === 'Slice') return table.shape.at(sliceAxis(node)) ?? Number.POSITIVE_INFINITY
  return Number.POSITIVE_INFINITY
}

function sliceAxis(node: Node): number {
  const axes = node.inputs[3]?.constant
  return axes ? (readNumbers(axes)[0] ?? 0) : 0
}

/** Whether the elements are lengths or counted up to one; what merely has a computed shape does not count. */
function comesFromShape(value: Value, depth: number): boolean {
  const producer = value.producer
  if (!producer || depth === 0) return false
  if (producer.opType === 'Shape') return true
  const [first] = producer.inputs
  if (producer.opType === 'NonZero' && first?.producer?.opType === 'ConstantOfShape') {
    // how exporters of old wrote Range(0, n)
    return comesFromAny(first.producer.inputs, depth)
  }
  if (COMBINES.has(producer.opType)) return comesFromAny(producer.inputs, depth)
  return MOVES.has(producer.opType) && comesFromAny([first], depth)
}

function comesFromAny(values: readonly (Value | undefined)[], depth: number): boolean {
  return values.some((value) => value && comesFromShape(value, depth - 1))
}
