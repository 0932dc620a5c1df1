import type {Node} from '../../ir/node.js'
import {type AxisTie, isRefusal} from '../../ops/op-spec.js'
import type {SpecOf} from '../../ops/specs-of.js'

/** The ties of each node, asked for once; the reason where it has none to say. */
export type TiesOf = (node: Node) => readonly AxisTie[] | string

/** @param specOf the operator records; types must be inferred. */
export function tiesOf(specOf: SpecOf): TiesOf {
  const known = new Map<Node, readonly AxisTie[] | string>()
  return (node) => {
    const ties = known.get(node) ?? askFor(node, specOf)
    known.set(node, ties)
    return ties
  }
}

function askFor(node: Node, specOf: SpecOf): readonly AxisTie[] | string {
  const rule = specOf(node)?.prune
  if (!rule) return `${node.opType} '${node.name}' is unknown`
  const ties = isRefusal(rule) ? rule : rule(node)
  return isRefusal(ties) ? `${node.opType} '${node.name}': ${ties.refused}` : ties
}
