import type {Value} from '../../ir/value.js'
import type {Group} from './group.js'

/**
 * Of groups that share positions the ones with more units: groups that can be resized together. Heads and their dimensions, for one, share weights.
 *
 * @returns the groups, in the order given.
 */
export function disjointGroups(groups: readonly Group[]): Group[] {
  const taken = new Map<Value, Map<number, Set<number>>>()
  const kept = new Set<Group>()
  for (const group of [...groups].sort((a, b) => b.size - a.size)) {
    if (isFree(group, taken)) {
      kept.add(group)
      take(group, taken)
    }
  }
  return groups.filter((group) => kept.has(group))
}

type Taken = Map<Value, Map<number, Set<number>>>

function isFree({members}: Group, taken: Taken): boolean {
  return members.every(({value, axis, start, units}) => {
    const positions = taken.get(value)?.get(axis)
    return !positions || !units.some((unit, index) => unit >= 0 && positions.has(start + index))
  })
}

function take({members}: Group, taken: Taken): void {
  for (const {value, axis, start, units} of members) {
    const axes = taken.get(value) ?? new Map<number, Set<number>>()
    const positions = axes.get(axis) ?? new Set<number>()
    units.forEach((unit, index) => {
      if (unit >= 0) positions.add(start + index)
    })
    taken.set(value, axes.set(axis, positions))
  }
}
