import type {Node} from '../../../ir/node.js'
import {readFloat32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'

/** What the result of a product is added to, and what it is multiplied by before. */
export interface ResidualSkip {
  readonly other: Value
  /** Per channel, of a BatchNormalization between; 1 when absent. */
  readonly factors: readonly number[] | undefined
}

/**
 * The other side of the addition that a product feeds, straight or through a BatchNormalization.
 *
 * @param isKnown whether a value will not change any more.
 */
export function skipOf(node: Node, isKnown: (value: Value) => boolean): ResidualSkip | undefined {
  const reader = onlyReader(node)
  const normalized = reader?.opType === 'BatchNormalization' ? reader : undefined
  const add = normalized ? onlyReader(normalized) : reader
  if (add?.opType !== 'Add' || add.domain !== '') return undefined
  const result = (normalized ?? node).outputs[0]
  const other = add.inputs.find((value) => value !== result)
  if (!other?.producer || !isKnown(other) || !isAlike(other, result)) return undefined
  return {other, factors: normalized && factorsOf(normalized)}
}

function onlyReader({outputs: [result]}: Node): Node | undefined {
  const [reader, ...more] = result?.consumers ?? []
  return more.length === 0 && !result?.isOutput ? reader : undefined
}

/** Of the same sizes, as far as is known: a smaller side is stretched. */
function isAlike(a: Value, b: Value | undefined): boolean {
  const [left, right] = [a, b].map((value) => (value?.type?.kind === 'tensor' ? value.type.shape : undefined))
  return left !== undefined && right !== undefined && left.join() === right.join()
}

function factorsOf(node: Node): readonly number[] | undefined {
  const [scale, variance] = [node.inputs[1]?.constant, node.inputs[4]?.constant]
  if (scale?.dtype !== 'float32' || variance?.dtype !== 'float32') return undefined
  const variances = readFloat32(variance)
  const epsilon = node.float('epsilon', 1e-5)
  return Array.from(readFloat32(scale), (value, c) => value / Math.sqrt((variances[c] as number) + epsilon))
}
