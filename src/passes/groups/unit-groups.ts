import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {UnitKind} from '../../ops/op-spec.js'
import type {AxisOf, Group, GroupKind, GroupMember} from './group.js'

/** What was found out on the way, by unit: numbers from before units were merged. */
export interface UnitFacts {
  readonly kind: Map<number, UnitKind>
  readonly blocked: Map<number, string>
  readonly inexact: Map<number, string>
}

interface Walked {
  readonly nodes: ReadonlySet<Node>
  readonly facts: UnitFacts
  /** The unit that another was merged into. */
  find(unit: number): number
}

/**
 * Sorts the units of a walk into groups: those that stand on the same axes, as often on each.
 *
 * @param axes unit by position, merged; -1 for none.
 */
export function unitGroups(axes: ReadonlyMap<AxisOf, Int32Array>, walked: Walked): Group[] {
  const groups = new Map<string, number[]>()
  for (const [unit, signature] of signaturesOf(axes)) {
    const units = groups.get(signature) ?? []
    units.push(unit)
    groups.set(signature, units)
  }
  const facts = {
    kind: byMerged(walked.facts.kind, walked),
    blocked: byMerged(walked.facts.blocked, walked),
    inexact: byMerged(walked.facts.inexact, walked),
  }
  return [...groups.values()].map((units) => {
    const members = membersOf(axes, new Map(units.map((unit, index) => [unit, index])))
    const nodes = nodesOf(members, walked.nodes)
    const said = <T>(about: ReadonlyMap<number, T>) => about.get(units.find((unit) => about.has(unit)) ?? -1)
    const kind = said(facts.kind) ?? plainKind(nodes)
    return {kind, size: units.length, members, nodes, blocked: said(facts.blocked), inexact: said(facts.inexact)}
  })
}

/** On which axes a unit stands, and how often, in the order in which units come. */
function signaturesOf(axes: ReadonlyMap<AxisOf, Int32Array>): Map<number, string> {
  const signatures = new Map<number, string>()
  let axis = 0
  for (const units of axes.values()) {
    const counts = new Map<number, number>()
    for (const unit of units) if (unit >= 0) counts.set(unit, (counts.get(unit) ?? 0) + 1)
    for (const [unit, count] of counts) signatures.set(unit, `${signatures.get(unit) ?? ''}${axis}x${count},`)
    axis++
  }
  return signatures
}

function byMerged<T>(facts: ReadonlyMap<number, T>, {find}: Walked): Map<number, T> {
  return new Map([...facts].reverse().map(([unit, fact]) => [find(unit), fact]))
}

function membersOf(axes: ReadonlyMap<AxisOf, Int32Array>, numbers: ReadonlyMap<number, number>): GroupMember[] {
  const members: GroupMember[] = []
  for (const [{value, axis}, units] of axes) {
    const numbered = units.map((unit) => numbers.get(unit) ?? -1)
    const start = numbered.findIndex((unit) => unit >= 0)
    if (start < 0) continue
    const end = numbered.findLastIndex((unit) => unit >= 0) + 1
    members.push({value, axis, start, units: numbered.slice(start, end)})
  }
  return members
}

/** The nodes of a walk that read or write a member. */
function nodesOf(members: readonly GroupMember[], walked: ReadonlySet<Node>): Set<Node> {
  const values = new Set<Value | undefined>(members.map(({value}) => value))
  return new Set(
    [...walked].filter(({inputs, outputs}) => [...inputs, ...outputs].some((value) => value && values.has(value))),
  )
}

/** Without attention or a recurrent layer: channels of a convolution, or neurons. */
function plainKind(nodes: ReadonlySet<Node>): GroupKind {
  return [...nodes].some(({opType}) => /^(Fused)?Conv(Transpose)?$/.test(opType)) ? 'channel' : 'hidden unit'
}
