import type {Pass} from '../../pass.js'
import {DONE, nodeRule} from '../node-rule.js'
import {bypass} from '../redirect.js'

/** Removes Identity nodes and joins their readers to the input. Outputs of the graph keep their names. */
export const removeIdentity: Pass = nodeRule({
  name: 'remove-identity',
  types: ['Identity'],
  attempt: (node) => (node.inputs[0] ? (bypass(node, node.inputs[0]) ?? DONE) : undefined),
})
