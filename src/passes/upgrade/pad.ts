import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'
import {constantLike} from './constant-like.js'
import {intsToInput} from './ints-to-input.js'

/** Pad 2: `paddings` was renamed. */
export function renamePaddings(node: Node): boolean {
  const paddings = node.ints('paddings', undefined)
  if (paddings) node.set('pads', paddings)
  return node.attributes.delete('paddings')
}

/** Pad 11: `pads` and `value` became inputs. The value only counts in mode `constant`; without it, it is 0. */
export function padsToInputs(node: Node): boolean {
  const value = node.string('mode', 'constant') === 'constant' ? node.float('value', 0) : 0
  const build = new GraphBuilder(node.graph, {before: node})
  const constant = value === 0 ? undefined : constantLike(node, build, [value])
  intsToInput('pads', 1)(node)
  if (constant) node.graph.setInput(node, 2, constant)
  node.attributes.delete('value')
  return true
}
