import type {Node} from '../../../ir/node.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {bypass} from '../redirect.js'

const TYPES = ['Concat', 'Sum', 'Max', 'Min', 'Mean', 'Split']

/** Removes a Concat, Sum, Max, Min or Mean of one tensor, and a Split into one part. */
export const removeSingleInput: Pass = nodeRule({name: 'remove-single-input', types: TYPES, attempt})

function attempt(node: Node): Outcome {
  const [input] = node.inputs
  const many = node.opType === 'Split' ? node.outputs.length : node.inputs.length
  if (!input || many !== 1) return undefined
  return bypass(node, input) ?? DONE
}
