import type {Graph} from '../ir/graph.js'
import type {Warning} from '../results.js'
import type {Override} from './quantize/plan/option-edits.js'
import {matchesNode} from './selection.js'

export interface Patterns {
  readonly exclude?: readonly RegExp[]
  readonly include?: readonly RegExp[]
  readonly excludeOps?: readonly string[]
  readonly overrides?: readonly Override[]
}

/**
 * A warning for each `--exclude`, `--include`, `--exclude-op` and `--override` that names no node: a misspelt name must not pass for an exclusion.
 *
 * @param graph before it is changed; passes make new nodes.
 */
export function unmatchedPatterns(
  graph: Graph,
  {exclude = [], include = [], excludeOps = [], overrides = []}: Patterns,
): Warning[] {
  const nodes = graph.allNodes()
  const unmatched = (pattern: RegExp) => !nodes.some((node) => matchesNode(node, pattern))
  const flags = [
    ...exclude.filter(unmatched).map(({source}) => `--exclude ${source}`),
    ...include.filter(unmatched).map(({source}) => `--include ${source}`),
    ...excludeOps.filter((type) => !nodes.some(({opType}) => opType === type)).map((type) => `--exclude-op ${type}`),
    ...overrides.filter(({pattern}) => unmatched(pattern)).map(({pattern, to}) => `--override ${pattern.source}=${to}`),
  ]
  const hint = 'the names are in: mopt inspect MODEL --layers'
  return flags.map((flag) => ({code: 'NO_MATCH', message: `${flag} matches no node`, hint}))
}
