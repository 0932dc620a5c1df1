import type {Graph} from '../ir/graph.js'
import {matchesNode, type Selection} from '../passes/selection.js'
import type {Warning} from '../results.js'

/**
 * A warning for each `--exclude` and `--exclude-op` that names no node: a misspelt name must not pass for an exclusion.
 *
 * @param graph before it is changed; passes make new nodes.
 */
export function unmatchedPatterns(
  graph: Graph,
  {exclude = [], excludeOps = []}: Pick<Selection, 'exclude' | 'excludeOps'>,
): Warning[] {
  const nodes = graph.allNodes()
  const flags = [
    ...exclude
      .filter((pattern) => !nodes.some((node) => matchesNode(node, pattern)))
      .map(({source}) => `--exclude ${source}`),
    ...excludeOps.filter((type) => !nodes.some(({opType}) => opType === type)).map((type) => `--exclude-op ${type}`),
  ]
  const hint = 'the names are in: mopt inspect MODEL --layers'
  return flags.map((flag) => ({code: 'NO_MATCH', message: `${flag} matches no node`, hint}))
}
