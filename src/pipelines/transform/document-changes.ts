import type {Change} from '../../passes/pass.js'

/** Changes as the JSON has them: every entry with a count. */
export function documentChanges(changes: readonly Change[]) {
  return changes.map((change) => ({...change, count: change.count ?? 1}))
}
