import type {Model} from '../../src/ir/model.js'
import type {Node} from '../../src/ir/node.js'
import {type ChosenType, WEIGHT_TYPES, type WeightType} from '../../src/passes/quantize/numbers/weight-type.js'

/** The reason why a node cannot have a form; null where the form is none for its kind. */
type WhyNot = (node: Node) => string | undefined | null

/** A type for all nodes that can have a form. */
export function typeWhere(whyNot: WhyNot, type: WeightType = WEIGHT_TYPES.int8): ChosenType {
  return (node) => (whyNot(node) === undefined ? type : undefined)
}

/** Why nodes cannot have a form, of those it is for. */
export function reasonsIn({graph}: Model, whyNot: WhyNot): [node: string, reason: string][] {
  return graph.allNodes().flatMap((node): [string, string][] => {
    const reason = whyNot(node)
    return typeof reason === 'string' ? [[node.name, reason]] : []
  })
}
