import {DTYPE_BY_CODE} from '../../../ir/dtype.js'
import type {Node} from '../../../ir/node.js'
import {dtypeOf} from '../../../ops/operand.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {bypass} from '../redirect.js'

/** Removes Cast and CastLike to the type the elements have. */
export const removeCast: Pass = nodeRule({name: 'remove-cast', types: ['Cast', 'CastLike'], attempt})

function attempt(node: Node): Outcome {
  const [input, like] = node.inputs
  const dtype = dtypeOf(input)
  const target = node.opType === 'Cast' ? DTYPE_BY_CODE[node.int('to', 0)] : dtypeOf(like)
  if (!input || dtype === undefined || dtype !== target) return undefined
  return bypass(node, input) ?? DONE
}
