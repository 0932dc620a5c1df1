import type {Change, Skip} from '../passes/pass.js'

/** Changes as the JSON has them: every entry with a count. */
export function documentChanges(changes: readonly Change[]) {
  return changes.map((change) => ({...change, count: change.count ?? 1}))
}

/** How often each rule applied, for the summary line: `static 5, absorb-activation 4`. */
export function countByRule(changes: readonly {rule: string}[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const {rule} of changes) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return counts
}

/** What stayed as it is, grouped by reason, most frequent first. */
export function skippedByReason(skipped: readonly Skip[]): {reason: string; nodes: string[]}[] {
  const groups = new Map<string, string[]>()
  for (const {node, op, reason} of skipped) {
    const group = groups.get(reason)
    if (group) group.push(`${op} '${node}'`)
    else groups.set(reason, [`${op} '${node}'`])
  }
  return [...groups].map(([reason, nodes]) => ({reason, nodes})).sort((a, b) => b.nodes.length - a.nodes.length)
}
