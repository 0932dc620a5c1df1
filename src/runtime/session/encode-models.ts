import {encodeModel} from '../../io/encode-model.js'
import type {Model} from '../../ir/model.js'

/** Whole models, by the names a task knows them by. */
export type EncodedModels = Readonly<Record<string, Uint8Array>>

/** Models that cross the border of a process, for sessions there, their weights inside. */
export function encodeModels(models: Readonly<Record<string, Model>>): EncodedModels {
  return Object.fromEntries(Object.entries(models).map(([name, model]) => [name, encodeModel(model)]))
}
