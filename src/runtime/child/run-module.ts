import {encodeModel} from '../../io/encode-model.js'
import type {Model} from '../../ir/model.js'
import type {RunControl} from '../session/session-settings.js'
import {runTask} from './run-task.js'
import type {Listeners} from './start-child.js'

/** Work for a child process that brings its own code. */
export interface ModuleWork {
  /** A module that exports `run`, a `ModuleTask`. */
  readonly module: URL
  /** Plain data, structured-clonable. */
  readonly input: unknown
  /** Models that the module runs; they cross the process border with their weights inside. */
  readonly models: Readonly<Record<string, Model>>
}

/**
 * Runs a module's task in a child process of its own, which is gone when the promise settles.
 *
 * @param what the beginning of messages about the child's death: `training cnn.onnx`
 * @returns what the task gives: the caller knows its type.
 * @throws MoptError as the task throws it, MachineError, InterruptedError.
 */
export async function runModule(work: ModuleWork, what: string, control: RunControl & Listeners): Promise<unknown> {
  const models = Object.fromEntries(Object.entries(work.models).map(([name, model]) => [name, encodeModel(model)]))
  return await runTask('module', {module: work.module.href, input: work.input, models}, what, control)
}
