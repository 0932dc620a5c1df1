import type {Node} from '../../../ir/node.js'
import type {Shape} from '../../../ir/types.js'
import {shapeOf} from '../../../ops/operand.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {isIdentity, permutationOf} from '../patterns/permutation.js'
import {bypass} from '../redirect.js'

/** Removes a Transpose that leaves every element where it is: axes in order, or only axes of size 1 swapped among equal sizes. */
export const removeTranspose: Pass = nodeRule({name: 'remove-transpose', types: ['Transpose'], attempt})

function attempt(node: Node): Outcome {
  const permutation = permutationOf(node)
  const [input] = node.inputs
  if (!input || !permutation) return undefined
  if (!isIdentity(permutation) && !movesOnlyOnes(permutation, shapeOf(input))) return undefined
  return bypass(node, input) ?? DONE
}

/** All axes that move have size 1, before and after. */
function movesOnlyOnes(permutation: readonly number[], shape: Shape | undefined): boolean {
  return shape !== undefined && permutation.every((from, to) => from === to || (shape[from] === 1 && shape[to] === 1))
}
