import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {bypass} from '../redirect.js'

/** Operators that undo themselves. */
const INVERSE: ReadonlySet<string> = new Set(['Not', 'Neg', 'BitwiseNot'])
/** Operators that change nothing the second time. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['Relu', 'Abs', 'Ceil', 'Floor', 'Round', 'Sign'])

/** Removes Not after Not and Neg after Neg, and the second of two equal Relu, Abs, Ceil, Floor, Round or Sign. */
export const removeInverses: Pass = nodeRule({
  name: 'remove-inverses',
  types: [...INVERSE, ...IDEMPOTENT],
  attempt,
})

function attempt(node: Node): Outcome {
  const first = node.inputs[0]?.producer
  const origin = first?.inputs[0]
  if (first?.opType !== node.opType || first.domain !== '' || !origin) return undefined
  if (IDEMPOTENT.has(node.opType)) return bypass(node, first.outputs[0] as Value) ?? DONE
  const reason = bypass(node, origin)
  if (reason) return reason
  if (first.outputs[0]?.uses.size === 0) first.graph.remove(first)
  return DONE
}
