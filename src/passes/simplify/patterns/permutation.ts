import type {Node} from '../../../ir/node.js'
import {shapeOf} from '../../../ops/operand.js'

/** The permutation a Transpose applies; reversed axes when it names none; undefined when the rank is not known either. */
export function permutationOf(node: Node): readonly number[] | undefined {
  const stated = node.ints('perm', undefined)
  if (stated) return stated
  const rank = (shapeOf(node.inputs[0]) ?? shapeOf(node.outputs[0]))?.length
  return rank === undefined ? undefined : Array.from({length: rank}, (_, axis) => rank - 1 - axis)
}

export function isIdentity(permutation: readonly number[]): boolean {
  return permutation.every((from, to) => from === to)
}
