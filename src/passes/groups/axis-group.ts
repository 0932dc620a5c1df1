import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {isRefusal} from '../../ops/op-spec.js'
import type {SpecOf} from '../../ops/specs-of.js'

/** One axis of one value, the axis counted from the front. */
export interface AxisOf {
  readonly value: Value
  readonly axis: number
}

/** An axis of a constant, where one node reads it: another reader of the same constant may see another layer. */
export interface AxisOfSlot {
  readonly node: Node
  readonly index: number
  readonly axis: number
}

/** Axes that are one and the same all over a graph: what is done to one must be done to all. */
export interface AxisGroup {
  readonly activations: readonly AxisOf[]
  readonly constants: readonly AxisOfSlot[]
  /** The nodes the axis runs through. */
  readonly nodes: ReadonlySet<Node>
  /** Why the group cannot change its size, or undefined when it can. */
  readonly blocked: string | undefined
}

/**
 * All axes tied to one, found by walking the operators' tie rules from node to node.
 *
 * @param start the axis of an activation to begin with.
 */
export function axisGroup(graph: Graph, start: AxisOf, specOf: SpecOf): AxisGroup {
  const activations: AxisOf[] = []
  const constants = new Map<string, AxisOfSlot>()
  const nodes = new Set<Node>()
  const queue = [start]
  let blocked: string | undefined
  for (let next = queue.shift(); next; next = queue.shift()) {
    const {value, axis} = next
    if (activations.some((known) => known.value === value && known.axis === axis)) continue
    activations.push(next)
    blocked ??= whyFixed(graph, next)
    for (const node of value.producer ? [value.producer, ...value.consumers] : value.consumers) {
      nodes.add(node)
      const tied = tiedAxes(node, next, specOf)
      if (typeof tied === 'string') blocked ??= tied
      else {
        queue.push(...tied.filter((member) => !member.value.constant))
        for (const slot of slotsOf(node, tied)) constants.set(`${slot.node.name}:${slot.index}:${slot.axis}`, slot)
      }
    }
  }
  return {activations, constants: [...constants.values()], nodes, blocked}
}

function slotsOf(node: Node, tied: readonly AxisOf[]): AxisOfSlot[] {
  return tied.flatMap(({value, axis}) =>
    value.constant ? node.inputs.flatMap((input, index) => (input === value ? [{node, index, axis}] : [])) : [],
  )
}

function whyFixed(graph: Graph, {value}: AxisOf): string | undefined {
  if (graph.inputs.includes(value)) return `it reaches the graph input '${value.name}'`
  if (value.isOutput) return `it reaches the graph output '${value.name}'`
  if (value.graph !== graph) return 'it reaches into a subgraph'
  return undefined
}

/** What a node ties to an axis of one of its values; the reason when it cannot say. */
function tiedAxes(node: Node, {value, axis}: AxisOf, specOf: SpecOf): AxisOf[] | string {
  const rule = specOf(node)?.prune
  if (!rule) return `${node.opType} '${node.name}' is unknown`
  if (isRefusal(rule)) return `${node.opType} '${node.name}': ${rule.refused}`
  const ties = rule(node).map((tie) => tie.map(([member, at]) => ({value: member, axis: fromFront(member, at)})))
  const mine = ties.filter((tie) => tie.some((member) => member.value === value && member.axis === axis))
  if (mine.length === 0) return `${node.opType} '${node.name}' does not pass it on`
  return mine.flat()
}

function fromFront(value: Value, axis: number): number {
  if (axis >= 0) return axis
  const rank = value.constant?.shape.length ?? (value.type?.kind === 'tensor' ? value.type.shape?.length : undefined)
  return rank === undefined ? axis : axis + rank
}
