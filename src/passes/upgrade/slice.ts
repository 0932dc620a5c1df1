import type {Node} from '../../ir/node.js'
import {intsToInput} from './ints-to-input.js'

/** Slice 10: `starts`, `ends` and `axes` became inputs. */
export function rangesToInputs(node: Node): boolean {
  intsToInput('starts', 1)(node)
  intsToInput('ends', 2)(node)
  intsToInput('axes', 3)(node)
  return true
}
