import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'

/** A constant matrix that a product or a Gather reads. */
export interface ReadWeight {
  readonly weight: Value
  /** Whether a product multiplies with the transposed matrix: Gemm by its attribute, MatMul by a Transpose in front. */
  readonly isTurned: boolean
}

/** What a MatMul, Gemm or Gather reads as its weight; undefined for other nodes, and where that is computed. */
export function readWeight(node: Node): ReadWeight | undefined {
  const [first, second] = node.inputs
  if (node.opType === 'Gather') return constant(first, false)
  if (node.opType === 'Gemm') return constant(second, node.int('transB', 0) !== 0)
  if (node.opType !== 'MatMul') return undefined
  return constant(second, false) ?? constant(turnedBy(second?.producer), true)
}

function constant(weight: Value | undefined, isTurned: boolean): ReadWeight | undefined {
  return weight?.constant ? {weight, isTurned} : undefined
}

/** The matrix that a Transpose turns around. */
function turnedBy(node: Node | undefined): Value | undefined {
  const [matrix] = node?.opType === 'Transpose' ? node.inputs : []
  return matrix?.constant?.shape.length === 2 && node?.ints('perm', [1, 0])[0] === 1 ? matrix : undefined
}

/** Whether a product reads a table turned around, as the output layer of a model with tied embeddings does. */
export function isTied(table: Value): boolean {
  const readers = table.consumers.flatMap((node) =>
    node.opType === 'Transpose' ? (node.outputs[0]?.consumers ?? []) : [node],
  )
  return readers.map(readWeight).some((read) => read?.weight === table && read.isTurned)
}
