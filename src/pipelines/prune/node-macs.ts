import {ShapeError} from '../../errors.js'
import {openModel} from '../../io/open-model.js'
import {inferModel} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import type {ShapeOptions} from '../../options/common.js'
import type {MacsOfNode} from '../../passes/prune/removal/removal-cost.js'
import {planInputs} from '../../runtime/inputs/plan-inputs.js'

/**
 * Multiply-accumulates by node at batch 1, other free sizes as synthetic inputs have them. The file is opened for itself: a model that is going to be
 * written must keep its free sizes.
 */
export async function nodeMacs(path: string, options: ShapeOptions): Promise<MacsOfNode> {
  const {model, close} = await openModel(path)
  try {
    const plan = planInputs(model, options)
    inferModel(model, {inputShapes: Object.fromEntries(plan.map(({name, shape}) => [name, shape]))})
    const specOf = specsOf(model)
    const macs = new Map(model.graph.nodes().map((node) => [node.name, specOf(node)?.macs(node)]))
    return ({name}) => (macs.has(name) ? macs.get(name) : 0)
  } catch (error) {
    if (error instanceof ShapeError) return () => undefined
    throw error
  } finally {
    close()
  }
}
