import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {isRefusal} from '../../ops/op-spec.js'
import type {Change, Pass, PassReport} from '../pass.js'
import {CHANGES} from './changes.js'
import {notUpgradable, type Upgrade} from './upgrade.js'

interface Versions {
  /** Version of the standard domain that the nodes are written in. */
  readonly from: number
  readonly to: number
}

/**
 * Rewrites every node of the standard domain, in subgraphs too, so that it means at opset `to` what it meant at `from`.
 * Nodes of other domains stay. Works best with types filled in: some rewrites need a rank or an element type.
 * The caller then sets the version in `model.opsets`. What each version changed is the table in changes.ts.
 *
 * @throws UnsupportedOpError for a node that has no equal at `to`, or that is no operator of the standard domain.
 */
export function upgradeOpset({from, to}: Versions): Pass {
  return {name: 'upgrade-opset', run: (graph) => run(graph, {from, to})}
}

function run(graph: Graph, {from, to}: Versions): PassReport {
  const changed: Change[] = []
  for (let version = from + 1; version <= to; version++) {
    for (const node of graph.allNodes()) {
      if (node.domain !== '') continue
      const step = stepOf(node, version)
      if (step === undefined || step === 'same') continue
      if (isRefusal(step)) throw notUpgradable(node, step.refused)
      const {name, opType} = node
      if (step(node)) changed.push({rule: 'upgrade-opset', node: name, op: opType, to: `opset ${version}`})
    }
  }
  return {changed, skipped: []}
}

function stepOf(node: Node, version: number): Upgrade | undefined {
  if (!Object.hasOwn(CHANGES, node.opType)) {
    throw notUpgradable(node, 'it is no operator of the standard domain that mopt knows')
  }
  return CHANGES[node.opType]?.[version]
}
