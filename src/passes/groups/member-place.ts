import type {GroupMember} from './group.js'

/** Where units stand on an axis, as operators tie them: unit i in each of `copies` copies at `offset + i·each`. */
export interface MemberPlace {
  readonly offset: number
  readonly each: number
  readonly copies: number
}

/** Positions per unit: how many in the first run, and how often runs come; irregular places as they begin. */
export function memberPlace({start, units}: GroupMember): MemberPlace {
  const first = units.findIndex((unit) => unit >= 0)
  const unit = units[first]
  let each = 1
  while (units[first + each] === unit) each++
  const ofUnit = units.reduce((count, other) => count + Number(other === unit), 0)
  return {offset: start + first, each, copies: ofUnit / each}
}
