import type {Effects} from '../../effects.js'
import {countParameters, parametersOf} from '../../facts/parameters.js'
import {openModel} from '../../io/open-model.js'
import {inferModel} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PruneOptions} from '../../options/prune.js'
import {findGroups} from '../../passes/groups/find-groups.js'
import {groupCost} from '../../passes/groups/group-cost.js'
import {groupWeights} from '../../passes/groups/group-weights.js'
import {tiesOf} from '../../passes/groups/node-ties.js'
import type {PruneGroupsResult} from '../../results.js'
import {macsOfFile} from '../inspect/macs-of-file.js'
import {groupFacts} from './group-facts.js'
import {nodeMacs} from './node-macs.js'
import {prepareGroups} from './prepare-groups.js'

/** Says which channels, units and heads of a model belong together, what hangs on them, and why some cannot be removed. Writes nothing. */
export async function listGroups(path: string, {run}: PruneOptions, effects: Effects): Promise<PruneGroupsResult> {
  const {model, sizeBytes, close} = await openModel(path)
  try {
    inferModel(model, run)
    const parameters = countParameters(parametersOf(model.graph), {zeros: false}).count
    await prepareGroups(model, path, effects)
    const specOf = specsOf(model)
    const [ties, macsOf] = [tiesOf(specOf), await nodeMacs(path, run)]
    const groups = findGroups(model.graph, specOf).map((group) => {
      const {parameters: hanging, macs = null} = groupCost(group, macsOf)
      const {size, blocked = null, inexact = null} = group
      const facts = groupFacts(group, groupWeights(group, specOf, ties))
      return {...facts, size, parameters: hanging, macs, blocked, inexact}
    })
    return {
      ...{schemaVersion: 1, command: 'prune', warnings: model.warnings, input: {path, sizeBytes}},
      ...{parameters, macs: (await macsOfFile(path, run)) ?? null, groups},
    }
  } finally {
    close()
  }
}
