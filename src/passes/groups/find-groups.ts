import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {AxisTie} from '../../ops/op-spec.js'
import type {SpecOf} from '../../ops/specs-of.js'
import {sizeOf} from '../../ops/ties.js'
import type {AxisOf, Group} from './group.js'
import {groupsAt} from './group-walk.js'
import {type TiesOf, tiesOf} from './node-ties.js'

/**
 * Every group of a graph that some weights produce, those that cannot be pruned too. Axes that a Reshape splits are followed part by part, so that
 * heads and the dimensions of each head are groups of their own that share weights; only one of groups that share positions can be resized at a time.
 *
 * Types must be inferred and constants apart (`separateConstants`). The order is that of the graph.
 */
export function findGroups(graph: Graph, specOf: SpecOf): Group[] {
  const ties = tiesOf(specOf)
  const seen = new SeenAxes()
  const groups: Group[] = []
  const follow = (start: AxisOf, positions?: readonly number[]) => {
    for (const group of groupsAt(graph, start, ties, positions)) {
      seen.add(group)
      groups.push(group)
    }
  }
  for (const start of splitAxes(graph, ties)) if (!seen.isWhole(start)) follow(start)
  for (const start of producedAxes(graph, specOf, ties)) {
    const left = seen.left(start)
    if (left.length > 0) follow(start, left)
  }
  return withoutEchoes(inGraphOrder(graph, groups, (group) => producersOf(group, specOf, ties)))
}

/** Axes that are a part of a larger one on the other side of a Reshape. */
function splitAxes(graph: Graph, ties: TiesOf): AxisOf[] {
  return graph
    .nodes()
    .flatMap((node) => tiesAt(node, ties).flatMap((tie) => (tie.factor ? tie.members.slice(0, 1) : [])))
}

/** Axes of results that a node takes from its weights: output channels, rows of a table, hidden units. */
function producedAxes(graph: Graph, specOf: SpecOf, ties: TiesOf): AxisOf[] {
  return graph
    .nodes()
    .flatMap((node) =>
      producingTies(node, specOf, ties).flatMap(({members}) =>
        members.filter(({value}) => value.producer === node).slice(0, 1),
      ),
    )
}

/** Ties of a node between a weight and a result. */
function producingTies(node: Node, specOf: SpecOf, ties: TiesOf): AxisTie[] {
  const weights = new Set((specOf(node)?.parameters.weights ?? []).map((slot) => node.inputs[slot]))
  if (weights.size === 0) return []
  return tiesAt(node, ties).filter(
    ({members}) =>
      members.some(({value}) => isStored(value) && weights.has(value)) &&
      members.some(({value}) => value.producer === node),
  )
}

/** What a weight goes through that the file stores in another form. */
const UNPACKING: ReadonlySet<string> = new Set(['Cast', 'DequantizeLinear', 'Identity', 'Reshape', 'Transpose'])

/** A constant, or one that is only cast or moved on its way. */
function isStored(value: Value): boolean {
  let stored: Value | undefined = value
  while (stored?.producer && UNPACKING.has(stored.producer.opType)) stored = stored.producer.inputs[0]
  return stored?.constant !== undefined
}

function tiesAt(node: Node, ties: TiesOf): readonly AxisTie[] {
  const found = ties(node)
  return typeof found === 'string' ? [] : found
}

/** The nodes that make units of a group from their weights. */
function producersOf({members, nodes}: Group, specOf: SpecOf, ties: TiesOf): Node[] {
  const axes = new Map<Value, Set<number>>()
  for (const {value, axis} of members) axes.set(value, (axes.get(value) ?? new Set<number>()).add(axis))
  return [...nodes].filter((node) =>
    producingTies(node, specOf, ties).some((tie) =>
      tie.members.some(({value, axis}) => value.producer === node && axes.get(value)?.has(axis)),
    ),
  )
}

/** Groups by the first node that makes their units; those that none makes are left out. */
function inGraphOrder(graph: Graph, groups: readonly Group[], producers: (group: Group) => readonly Node[]): Group[] {
  const order = new Map(graph.nodes().map((node, index) => [node, index]))
  return groups
    .map((group) => ({
      group,
      first: producers(group).reduce((least, node) => Math.min(least, order.get(node) ?? Infinity), Infinity),
    }))
    .filter(({first}) => first !== Infinity)
    .sort((a, b) => a.first - b.first)
    .map(({group}) => group)
}

/** A group that cannot be pruned says nothing where all its weights belong to groups that can. */
function withoutEchoes(groups: readonly Group[]): Group[] {
  const free = new SeenAxes()
  for (const group of groups) if (group.blocked === undefined) free.add(group)
  return groups.filter(
    ({blocked, members}) =>
      blocked === undefined || members.some((member) => member.value.constant && free.left(member).length > 0),
  )
}

/** Which positions of which axes belong to a group already. */
class SeenAxes {
  readonly #axes = new Map<Value, Map<number, Uint8Array>>()
  readonly #whole = new Map<Value, Set<number>>()

  add({members, size}: Group): void {
    for (const {value, axis, start, units} of members) {
      const axes = this.#axes.get(value) ?? new Map<number, Uint8Array>()
      const seen = axes.get(axis) ?? new Uint8Array(sizeOf(value, axis) ?? 0)
      units.forEach((unit, index) => {
        if (unit >= 0) seen[start + index] = 1
      })
      this.#axes.set(value, axes.set(axis, seen))
      if (size === seen.length) this.#whole.set(value, (this.#whole.get(value) ?? new Set<number>()).add(axis))
    }
  }

  /** Whether a group has each position of the axis as a unit of its own. */
  isWhole({value, axis}: AxisOf): boolean {
    return this.#whole.get(value)?.has(axis) ?? false
  }

  /** Positions that no group has. */
  left({value, axis}: AxisOf): number[] {
    const seen = this.#axes.get(value)?.get(axis)
    return Array.from({length: sizeOf(value, axis) ?? 0}, (_, at) => at).filter((at) => !seen?.[at])
  }
}
