import type {Node} from '../../../ir/node.js'
import {readNumbers} from '../../../ir/tensor.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {bypass} from '../redirect.js'
import type {Rule} from '../rule.js'

/** Removes Dropout that does nothing in inference: version 12 unless training_mode is on, 7 always, 1 and 6 with is_test. */
export const removeDropout: Rule = {
  name: 'remove-dropout',
  create: ({opsetOf}) =>
    nodeRule({name: 'remove-dropout', types: ['Dropout'], attempt: (node) => attempt(node, opsetOf(node))}),
}

function attempt(node: Node, opset: number): Outcome {
  const [input] = node.inputs
  if (!input) return undefined
  if (isTraining(node, opset)) return 'it is in training mode'
  if (node.outputs[1]?.uses.size) return 'its mask is used'
  return bypass(node, input) ?? DONE
}

function isTraining(node: Node, opset: number): boolean {
  if (opset < 7) return node.int('is_test', 0) === 0
  const mode = node.inputs[2]
  if (opset < 12 || !mode) return false
  return !mode.constant || readNumbers(mode.constant)[0] !== 0
}
