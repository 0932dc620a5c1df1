import type {PruneGroupsResult} from '../results.js'
import {formatCount} from './format.js'
import {bold, table} from './table.js'

/** Every group with what hangs on it, where its units stand, and what keeps it whole. */
export function groupsSummary({groups, parameters, macs}: PruneGroupsResult, verbose: boolean): string {
  const rows = groups.map((group) => [
    group.kind,
    `${group.size}`,
    `${group.op} '${group.node}'`,
    formatCount(group.parameters),
    formatCount(group.macs),
    group.blocked ?? group.inexact ?? tiedText(group.members, verbose),
  ])
  const can = groups.filter(({blocked, inexact}) => blocked === null && inexact === null).length
  const all = `${formatCount(parameters)} parameters, ${formatCount(macs)} MACs`
  const first = `${groups.length} groups in ${all}; ${can} can be pruned as they are`
  const head = ['kind', 'units', 'made by', 'parameters', 'MACs', 'tied to, or why not'].map(bold)
  return `${bold(first)}\n${table(head, rows, {right: [1, 3, 4]})}`
}

/** Members that are named without --verbose. */
const NAMED = 3

/** `conv2.weight[1], fc.weight[1]·49`: the axis, where a unit begins behind others, how many positions it takes. */
function tiedText(members: PruneGroupsResult['groups'][number]['members'], verbose: boolean): string {
  const names = members.map(({value, axis, offset, each, copies}) => {
    const behind = offset > 0 ? `+${offset}` : ''
    const width = each * copies > 1 ? `·${each * copies}` : ''
    return `${value}[${axis}]${behind}${width}`
  })
  const more = names.length > NAMED && !verbose ? `, and ${names.length - NAMED} more` : ''
  return (verbose ? names : names.slice(0, NAMED)).join(', ') + more
}
