import type {Group, GroupMember} from '../../passes/groups/group.js'
import type {GroupWeight} from '../../passes/groups/group-weights.js'
import {memberPlace} from '../../passes/groups/member-place.js'
import {calledAfter} from '../../passes/prune/removal/plan-removal.js'
import type {PruneGroupsResult} from '../../results.js'

/** What results and records say of a group: what it is called after, and where its units stand in weights and in what the nodes give that make them. */
export function groupFacts(
  group: Group,
  weights: readonly GroupWeight[],
): Pick<PruneGroupsResult['groups'][number], 'kind' | 'node' | 'op' | 'members'> {
  const makers = new Set(weights.flatMap(({role, node}) => (role === 'writes' ? [node] : [])))
  const told = new Set(weights.map(({member}) => member))
  const members = group.members.filter(
    (member) => told.has(member) || (member.value.producer !== undefined && makers.has(member.value.producer)),
  )
  return {kind: group.kind, ...calledAfter(group, weights), members: members.map(placeOf)}
}

function placeOf(member: GroupMember): PruneGroupsResult['groups'][number]['members'][number] {
  return {value: member.value.name, axis: member.axis, ...memberPlace(member)}
}
