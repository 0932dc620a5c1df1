import type {Edit} from './plan.js'

/** What the user wants of the nodes a pattern matches. */
export interface Override {
  readonly pattern: RegExp
  readonly to: 'float' | 'float16' | 'int8' | 'uint8' | 'stored-int8'
}

/** What `--exclude`, `--exclude-op` and `--override` ask for. */
export interface Wishes {
  readonly exclude: readonly RegExp[]
  readonly excludeOps: readonly string[]
  readonly overrides: readonly Override[]
}

/** The same as edits of a plan: exclusions first, then overrides as they were typed. */
export function editsOf({exclude, excludeOps, overrides}: Wishes): Edit[] {
  return [
    ...excludeOps.map((op): Edit => ({match: {op}, to: 'float', because: `excluded by --exclude-op ${op}`})),
    ...exclude.map(
      (pattern): Edit => ({match: {pattern}, to: 'float', because: `excluded by --exclude ${pattern.source}`}),
    ),
    ...overrides.map(
      ({pattern, to}): Edit => ({match: {pattern}, to, because: `${to} by --override ${pattern.source}=${to}`}),
    ),
  ]
}
