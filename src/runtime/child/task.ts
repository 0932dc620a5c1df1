import {BugError} from '../../errors.js'
import {childModule} from './child-module.js'
import type {TaskContext} from './task-context.js'

/**
 * A function that a child process is to call, named by its module: who asks for it loads nothing of what it stands on. Plain data, so
 * that it can cross the process border. What goes in and comes out is structured-clonable.
 */
export interface Task<Input, Output> {
  /** `file:` URL. */
  readonly module: string
  /** What the module exports it as. */
  readonly name: string
  /** Nothing of it stays in the process but sessions on the CPU, which are released: its child may answer others. */
  readonly leavesNothing: boolean
  /** Never there: for the compiler. */
  readonly types?: (input: Input) => Output
}

type TaskFunction = (input: never, context: TaskContext) => unknown

/**
 * @template F the function's type: `typeof import('./fold-task.js').fold`. A test holds it against the module and the name.
 * @param module below `src/`, without extension; ends in `-task`, by which the build finds it.
 */
export function task<F extends TaskFunction>(
  module: string,
  name: string,
  {leavesNothing = false}: {readonly leavesNothing?: boolean} = {},
): Task<Parameters<F>[0], Awaited<ReturnType<F>>> {
  return {module: childModule(module).href, name, leavesNothing}
}

/** The function itself, in the child process: its module is loaded when it is first asked for. */
export async function loadTask<Input, Output>({
  module,
  name,
}: Task<Input, Output>): Promise<(input: Input, context?: TaskContext) => Output | Promise<Output>> {
  const exported = ((await import(module)) as Record<string, unknown>)[name]
  if (typeof exported !== 'function') throw new BugError(`${module} exports no function '${name}'`)
  return exported as (input: Input) => Output | Promise<Output>
}
