import {UnsupportedError} from '../../errors.js'
import type {Model} from '../../ir/model.js'
import {MAX_OPSET} from '../../ir/newest-opset.js'
import {inferModel, opsetOf} from '../../ops/infer-graph.js'
import type {PassReport} from '../pass.js'
import {upgradeOpset} from './upgrade-opset.js'

/**
 * Brings a model to opset `to` of the standard domain, in place, and infers its types again. Nothing happens when it is there.
 * Functions of the model stay as they are: they name their own opsets, and are inlined before where they must follow.
 *
 * @param model with types filled in by `inferModel`.
 * @throws UnsupportedError for an older opset than the model's or one mopt does not know; UnsupportedOpError for a node
 *   that has no equal there, the model being of no use then.
 */
export async function upgradeModel(model: Model, to: number): Promise<PassReport> {
  const from = opsetOf({domain: ''}, model)
  if (to < from) {
    throw new UnsupportedError(`opset ${to}: expected ${from}, the model's, or newer: there is no way down`, {
      hint: `Leave it at ${from}, or export the model again for opset ${to}`,
    })
  }
  if (to > MAX_OPSET) {
    throw new UnsupportedError(`opset ${to}: expected at most ${MAX_OPSET}, the newest that ONNX Runtime loads`, {
      hint: `Choose an opset from ${from} to ${MAX_OPSET}`,
    })
  }
  if (to === from) return {changed: [], skipped: []}
  const report = await upgradeOpset({from, to}).run(model.graph)
  model.opsets.delete('ai.onnx')
  model.opsets.set('', to)
  inferModel(model)
  return report
}
