import {unpackingNodes} from '../../facts/unpacking-nodes.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {specsOf} from '../../ops/specs-of.js'
import type {Skip} from '../../passes/pass.js'
import {EMPTY} from '../../passes/quantize/plan/plan.js'

/**
 * Of the nodes that some pass skipped, those that no other pass quantized either, each with the first reason; and those that compute in
 * float because of the data, whatever became of their weights.
 */
export function stillFloat(model: Model, skipped: readonly Skip[]): Skip[] {
  const unpacking = unpackingNodes(model.graph)
  const floats = model.graph
    .allNodes()
    .filter(
      (node) => !unpacking.has(node) && weightsOf(node, model).some(({constant}) => constant?.dtype === 'float32'),
    )
  const names = new Set(floats.map(({name}) => name))
  const seen = new Set<string>()
  return skipped.filter(({node, reason}) => {
    const isFirst = (names.has(node) || reason === EMPTY) && !seen.has(node)
    seen.add(node)
    return isFirst
  })
}

/**
 * The layers whose weights other constants are turned into while the model runs, which no pass sees, and why they were not computed
 * in advance.
 *
 * @param skipped what constant folding left, and why.
 */
export function computedWeights(model: Model, skipped: readonly Skip[]): Skip[] {
  const unpacking = unpackingNodes(model.graph)
  const reasons = new Map(skipped.map(({node, reason}) => [node, reason]))
  return model.graph.allNodes().flatMap((node) => {
    if (unpacking.has(node)) return []
    const value = weightsOf(node, model).find(({producer}) => producer && unpacking.has(producer))
    if (!value) return []
    const makers = makersOf(value)
    const maker = makers.find(({name}) => reasons.has(name)) ?? (makers[0] as Node)
    const why = reasons.has(maker.name) ? `: ${reasons.get(maker.name)}` : ''
    return [
      {node: node.name, op: node.opType, reason: `its weight is computed by ${maker.opType} '${maker.name}'${why}`},
    ]
  })
}

function weightsOf(node: Node, model: Model): Value[] {
  const slots = specsOf(model)(node)?.parameters.weights ?? []
  return slots.flatMap((slot) => node.inputs[slot] ?? [])
}

/** The nodes that compute a weight from constants, the last first. */
function makersOf(value: Value): Node[] {
  const found = new Set<Node>()
  const open = [value.producer]
  for (let node = open.shift(); node; node = open.shift()) {
    found.add(node)
    open.push(...node.inputs.flatMap((input) => (input?.producer && !found.has(input.producer) ? input.producer : [])))
  }
  return [...found]
}
