import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'
import {constantLike} from './constant-like.js'

/** Clip 11: `min` and `max` became inputs. */
export function boundsToInputs(node: Node): boolean {
  const build = new GraphBuilder(node.graph, {before: node})
  const bounds = ['min', 'max'].map((name) => node.float(name, undefined))
  const values = bounds.map((bound) => (bound === undefined ? undefined : constantLike(node, build, [bound])))
  values.forEach((value, index) => {
    if (value) node.graph.setInput(node, index + 1, value)
  })
  return ['min', 'max'].filter((name) => node.attributes.delete(name)).length > 0
}
