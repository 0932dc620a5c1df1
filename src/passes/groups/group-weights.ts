import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {SpecOf} from '../../ops/specs-of.js'
import type {Group, GroupMember} from './group.js'
import type {TiesOf} from './node-ties.js'

/** A weight that loses positions with a group. */
export interface GroupWeight {
  readonly node: Node
  /** Input of the node that holds it. */
  readonly slot: number
  /** Where the units stand in it. */
  readonly member: GroupMember
  /** Whether the node makes the units, as a convolution its output channels, or only takes them in. A recurrent layer does both. */
  readonly role: 'writes' | 'reads'
}

/** The constant weights of a group, in the order of its nodes, each axis for itself; vectors such as biases are none. */
export function groupWeights({members, nodes}: Group, specOf: SpecOf, ties: TiesOf): GroupWeight[] {
  const byValue = new Map<Value, GroupMember[]>()
  for (const member of members) {
    if (member.value.constant) byValue.set(member.value, [...(byValue.get(member.value) ?? []), member])
  }
  return [...nodes].flatMap((node) =>
    (specOf(node)?.parameters.weights ?? []).flatMap((slot) => {
      const value = node.inputs[slot]
      const found = value ? (byValue.get(value) ?? []) : []
      return found.map((member): GroupWeight => ({node, slot, member, role: roleOf(node, member, ties)}))
    }),
  )
}

function roleOf(node: Node, {value, axis}: GroupMember, ties: TiesOf): GroupWeight['role'] {
  const said = ties(node)
  if (typeof said === 'string') return 'reads'
  const mine = said.filter(({members}) => members.some((one) => one.value === value && one.axis === axis))
  return mine.some(({members}) => members.some((one) => one.value.producer === node)) ? 'writes' : 'reads'
}
