import {isParameter} from '../../facts/parameters.js'
import type {Node} from '../../ir/node.js'
import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {sizeOf} from '../../ops/ties.js'
import type {Group, GroupMember} from './group.js'

/** What hangs on a group: all of it would go with all of its units. */
export interface GroupCost {
  /** Learned numbers. */
  readonly parameters: number
  /** Multiply-accumulates of one run; undefined while a size is unknown. */
  readonly macs: number | undefined
}

/** @param macsOf multiply-accumulates of a node; undefined while a size is not known. */
export function groupCost(group: Group, macsOf: (node: Node) => number | undefined): GroupCost {
  const shares = new Map<Value, number>()
  for (const member of group.members) {
    const {value} = member
    // what is left when every axis loses its share
    const left = 1 - (shares.get(value) ?? 0)
    shares.set(value, 1 - left * (1 - shareOf(member)))
  }
  const parameters = [...shares].reduce(
    (sum, [value, share]) =>
      sum + (value.constant && isParameter(value) ? elementCount(value.constant.shape) * share : 0),
    0,
  )
  return {parameters: Math.round(parameters), macs: macsOn(group, shares, macsOf)}
}

function macsOn(
  {nodes}: Group,
  shares: ReadonlyMap<Value, number>,
  macsOf: (node: Node) => number | undefined,
): number | undefined {
  let sum = 0
  for (const node of nodes) {
    const macs = macsOf(node)
    if (macs === undefined) return undefined
    sum += macs * largestShare(node, shares)
  }
  return Math.round(sum)
}

/** Products go with the operand that has lost most. */
function largestShare(node: Node, shares: ReadonlyMap<Value, number>): number {
  return Math.max(0, ...[...node.inputs, ...node.outputs].map((value) => (value && shares.get(value)) ?? 0))
}

/** The share of an axis that belongs to the group. */
function shareOf({value, axis, units}: GroupMember): number {
  const size = sizeOf(value, axis)
  return size ? units.reduce((count, unit) => count + Number(unit >= 0), 0) / size : 0
}
