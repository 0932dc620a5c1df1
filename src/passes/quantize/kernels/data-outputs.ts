import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'

/** The outputs of a node that carry activations: the first one, or all parts of a Split. The indices of a MaxPool do not. */
export function dataOutputs({opType, outputs}: Node): Value[] {
  const results = opType === 'Split' ? outputs : outputs.slice(0, 1)
  return results.filter((value) => value !== undefined)
}
