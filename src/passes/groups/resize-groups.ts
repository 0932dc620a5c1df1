import type {Node} from '../../ir/node.js'
import type {Tensor} from '../../ir/tensor.js'
import {tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {operandOf, withSize} from '../../ops/operand.js'
import {sizeOf} from '../../ops/ties.js'
import type {Group, GroupMember} from './group.js'
import {type NewSizes, refitNode} from './refit-node.js'
import {type Positions, takePositions} from './take-positions.js'

/** What becomes of a group: the units that stay, in order; -1 adds a unit of zeros. */
export interface Resizing {
  readonly group: Group
  readonly kept: readonly number[]
}

/**
 * Gives groups other sizes, in place: constants are cut or padded, attributes and targets that state a size follow, types too; names stay.
 *
 * All groups must have been found in the graph as it stands, constants kept apart that several of their nodes read (`separateConstants`). Units of zeros go behind the last, and only where each unit is one position.
 *
 * @throws RangeError for a blocked group, or zeros where units are runs or copies: bugs of the caller.
 */
export function resizeGroups(resizings: readonly Resizing[]): void {
  const axes = new Map<Value, Map<number, Positions>>()
  const nodes = new Set<Node>()
  for (const {group, kept} of resizings) {
    if (group.blocked !== undefined) throw new RangeError(`a blocked group cannot change its size: ${group.blocked}`)
    for (const member of group.members) resizeMember(member, kept, axes)
    for (const node of group.nodes) nodes.add(node)
  }
  const sizes: NewSizes = {positions: (value, axis) => (value ? axes.get(value)?.get(axis) : undefined)}
  // nodes still see the types from before
  for (const node of nodes) refitNode(node, sizes)
  for (const [value, changed] of axes) resizeValue(value, changed, nodes)
}

export function resizeGroup(group: Group, kept: readonly number[]): void {
  resizeGroups([{group, kept}])
}

function resizeMember(member: GroupMember, kept: readonly number[], axes: Map<Value, Map<number, Positions>>): void {
  const {value, axis, start, units} = member
  const stays = new Set(kept)
  const before = axes.get(value)?.get(axis) ?? Int32Array.from({length: sizeOf(value, axis) ?? 0}, (_, at) => at)
  const positions = before.filter((position) => {
    const unit = units[position - start] ?? -1
    return unit < 0 || stays.has(unit)
  })
  const zeros = kept.filter((unit) => unit < 0)
  if (zeros.length > 0 && !isPlain(member)) throw new RangeError(`'${value.name}': zeros need an axis of single units`)
  const changed = axes.get(value) ?? new Map<number, Positions>()
  changed.set(axis, Int32Array.from([...positions, ...zeros]))
  axes.set(value, changed)
}

/** Whether an axis is the units of a group one by one, and nothing else. */
export function isPlain({value, axis, start, units}: GroupMember): boolean {
  return start === 0 && sizeOf(value, axis) === units.length && units.every((unit, index) => unit === index)
}

function resizeValue(value: Value, axes: ReadonlyMap<number, Positions>, nodes: ReadonlySet<Node>): void {
  if (value.constant) {
    resizeConstant(value, takePositions(value.constant, axes), nodes)
    return
  }
  const {dtype, shape} = operandOf(value)
  if (!shape) return
  const resized = [...axes].reduce((sizes, [axis, positions]) => withSize(sizes, axis, positions.length), shape)
  value.type = tensorType(dtype, resized)
}

/** Whoever is not in the groups keeps the constant as it was. */
function resizeConstant(value: Value, resized: Tensor, nodes: ReadonlySet<Node>): void {
  const uses = [...value.uses].flatMap((use) => ('node' in use ? [use] : []))
  const own = uses.filter(({node}) => nodes.has(node))
  if (own.length === value.uses.size) {
    value.graph.setConstant(value, resized)
    return
  }
  const copy = value.graph.constant(resized, value.name)
  for (const {node, index} of own) node.graph.setInput(node, index, copy)
}
