import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {AxisTie, TieMember} from '../../ops/op-spec.js'
import {sizeOf} from '../../ops/ties.js'
import type {AxisOf, Group} from './group.js'
import type {TiesOf} from './node-ties.js'
import {type UnitFacts, unitGroups} from './unit-groups.js'
import {UnitSets} from './unit-sets.js'

/** Nobody's position, so far. */
const NONE = -1

/**
 * The groups of the indices of one axis: from node to node along the ties of the operators, units merged where an operator holds them together. Units that
 * do not stand on the same axes, such as those of the parts of a Split, are groups of their own.
 *
 * @param start an axis of known size; each of its indices starts as a unit of its own.
 * @param positions where on the axis to start, all of it when absent.
 */
export function groupsAt(graph: Graph, start: AxisOf, ties: TiesOf, positions?: readonly number[]): Group[] {
  const walk = new GroupWalk(graph, ties)
  walk.from(start, positions)
  return walk.groups()
}

class GroupWalk {
  readonly #sets = new UnitSets()
  readonly #labels = new Map<Value, Map<number, Int32Array>>()
  /** Readings of Reshape that hold here. */
  readonly #chosen = new Set<AxisTie>()
  readonly #queue = new Set<Int32Array>()
  readonly #axes = new Map<Int32Array, AxisOf>()
  readonly #nodes = new Set<Node>()
  readonly #facts: UnitFacts = {kind: new Map(), blocked: new Map(), inexact: new Map()}

  constructor(
    private readonly graph: Graph,
    private readonly ties: TiesOf,
  ) {}

  from(start: AxisOf, positions?: readonly number[]): void {
    const labels = this.#labelsOf(start)
    for (const position of positions ?? labels.keys()) labels[position] = this.#sets.add()
    this.#queue.add(labels)
    for (const next of this.#queue) {
      this.#queue.delete(next)
      this.#visit(this.#axes.get(next) as AxisOf)
    }
  }

  #labelsOf({value, axis}: AxisOf): Int32Array {
    const axes = this.#labels.get(value) ?? new Map<number, Int32Array>()
    this.#labels.set(value, axes)
    const known = axes.get(axis)
    if (known) return known
    const labels = new Int32Array(sizeOf(value, axis) ?? 0).fill(NONE)
    axes.set(axis, labels)
    this.#axes.set(labels, {value, axis})
    return labels
  }

  #visit(at: AxisOf): void {
    const {value} = at
    // a vector that several nodes read is one by chance: it is copied before it is cut
    if (value.constant && value.constant.shape.length < 2) return
    this.#block(at, whyFixed(this.graph, value))
    for (const node of value.producer ? [value.producer, ...value.consumers] : value.consumers) {
      this.#nodes.add(node)
      const ties = this.ties(node)
      if (typeof ties === 'string') this.#block(at, ties)
      else this.#through(node, at, ties)
    }
  }

  /** Holds for all units that stand on the axis by now; those that come later come by again. */
  #block(at: AxisOf, reason: string | undefined): void {
    if (reason === undefined) return
    for (const unit of this.#labelsOf(at)) if (unit !== NONE) note(this.#facts.blocked, unit, reason)
  }

  #through(node: Node, {value, axis}: AxisOf, ties: readonly AxisTie[]): void {
    const mine = ties.filter(({members}) => members.some((one) => one.value === value && one.axis === axis))
    const held = mine.filter((tie) => !tie.factor || this.#chosen.has(tie))
    const open = mine.filter((tie) => tie.factor && !this.#chosen.has(tie))
    // of the readings of one axis one holds: the first that what is known of it fits
    const isRead = held.some(({factor}) => factor)
    const reading = isRead ? undefined : open.find((tie) => this.#fits(tie))
    if (reading) this.#chosen.add(reading)
    const holding = reading ? [...held, reading] : held
    if (holding.length === 0) this.#block({value, axis}, whyNot(node, axis, open.length > 0))
    for (const tie of holding) this.#unite(node, tie)
  }

  /** Whether the units so far come in the pattern of the tie: no two different ones at one of its indices. */
  #fits({size, members}: AxisTie): boolean {
    for (let index = 0; index < size; index++) {
      let unit = NONE
      for (const member of members) {
        const labels = this.#labels.get(member.value)?.get(member.axis)
        for (const position of labels ? positionsOf(member, index, size) : []) {
          const other = labels?.[position] ?? NONE
          if (other === NONE) continue
          if (unit !== NONE && this.#sets.find(other) !== this.#sets.find(unit)) return false
          unit = other
        }
      }
    }
    return true
  }

  #unite({opType, name}: Node, {size, members, kind, inexact}: AxisTie): void {
    const axes = members.map((member) => this.#labelsOf(member))
    const unknown = members[axes.findIndex((labels) => labels.length === 0)]
    const blocked = unknown && `a size of '${unknown.value.name}' is not known`
    for (let index = 0; index < size; index++) {
      const unit = this.#unitAt(members, axes, index, size)
      if (unit === NONE) continue
      if (kind) note(this.#facts.kind, unit, kind)
      if (inexact) note(this.#facts.inexact, unit, `${opType} '${name}': ${inexact}`)
      if (blocked) note(this.#facts.blocked, unit, blocked)
      members.forEach((member, at) => {
        const labels = axes[at] as Int32Array
        for (const position of positionsOf(member, index, size)) {
          if (labels[position] !== NONE) continue
          labels[position] = unit
          this.#queue.add(labels)
        }
      })
    }
  }

  /** The unit of all positions of one index of a tie, united. */
  #unitAt(members: readonly TieMember[], axes: readonly Int32Array[], index: number, size: number): number {
    let unit = NONE
    members.forEach((member, at) => {
      for (const position of positionsOf(member, index, size)) {
        const other = axes[at]?.[position] ?? NONE
        if (other !== NONE) unit = unit === NONE ? this.#sets.find(other) : this.#sets.unite(unit, other)
      }
    })
    return unit
  }

  groups(): Group[] {
    const roots = new Map(
      [...this.#axes].map(([labels, at]) => [at, labels.map((unit) => (unit === NONE ? NONE : this.#sets.find(unit)))]),
    )
    return unitGroups(roots, {nodes: this.#nodes, facts: this.#facts, find: (unit) => this.#sets.find(unit)})
  }
}

/** What is said first of a unit holds. */
function note<T>(facts: Map<number, T>, unit: number, fact: T): void {
  if (!facts.has(unit)) facts.set(unit, fact)
}

/** All positions of one index of a tie, on the axis of one member. */
function* positionsOf({offset = 0, each = 1, copies = 1, stride}: TieMember, index: number, size: number) {
  for (let copy = 0; copy < copies; copy++) {
    const first = offset + copy * (stride ?? size * each) + index * each
    for (let position = first; position < first + each; position++) yield position
  }
}

function whyFixed(graph: Graph, value: Value): string | undefined {
  if (graph.inputs.includes(value)) return `it reaches the graph input '${value.name}'`
  if (value.isOutput) return `it reaches the graph output '${value.name}'`
  if (value.graph !== graph || value.consumers.some((node) => node.graph !== graph)) return 'it reaches into a subgraph'
  return undefined
}

function whyNot({opType, name}: Node, axis: number, isSplit: boolean): string {
  if (isSplit) return `${opType} '${name}' splits axis ${axis} into parts that keep their size`
  return `${opType} '${name}' needs axis ${axis} whole`
}
