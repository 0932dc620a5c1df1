import type {TaskContext} from './protocol.js'

export interface ModuleRequest {
  /** `file:` URL of a module of mopt that exports `run`. */
  readonly module: string
  readonly input: unknown
  /** Whole models, by the names the module knows them by. */
  readonly models: Readonly<Record<string, Uint8Array>>
}

/** What such a module exports as `run`. */
export type ModuleTask<Input, Output> = (
  input: Input,
  models: Readonly<Record<string, Uint8Array>>,
  context: TaskContext,
) => Promise<Output>

/** Runs work of a folder above this one, which brings its own loop: the child knows sessions and data, not what they are for. */
export async function runModule({module, input, models}: ModuleRequest, context: TaskContext): Promise<unknown> {
  const {run} = (await import(module)) as {run: ModuleTask<unknown, unknown>}
  return run(input, models, context)
}
