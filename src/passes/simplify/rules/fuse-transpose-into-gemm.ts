import type {Node} from '../../../ir/node.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {permutationOf} from '../patterns/permutation.js'
import {removeUnread} from '../remove-unread.js'

const SIDES = ['transA', 'transB'] as const

/** Transpose of a matrix in front of Gemm becomes its transA or transB. */
export const fuseTransposeIntoGemm: Pass = nodeRule({name: 'fuse-transpose-into-gemm', types: ['Gemm'], attempt})

function attempt(gemm: Node): Outcome {
  let outcome: Outcome
  SIDES.forEach((name, slot) => {
    const transposed = gemm.inputs[slot]
    const transpose = transposed?.producer
    const data = transpose?.inputs[0]
    if (transpose?.opType !== 'Transpose' || transpose.domain !== '' || !data || !transposed) return
    if (transposed.uses.size > 1) {
      outcome ??= 'the Transpose has other consumers'
      return
    }
    if (permutationOf(transpose)?.join() !== '1,0') return
    gemm.graph.setInput(gemm, slot, data)
    gemm.set(name, 1 - gemm.int(name, 0))
    removeUnread(transposed)
    outcome = DONE
  })
  return outcome
}
