import type {Listeners, RunControl} from './run-control.js'
import {giveBack, takeChild} from './spare-child.js'
import {type Answer, type RuntimeChild, startChild} from './start-child.js'
import type {Task} from './task.js'

/** How a model is loaded, as far as it matters here. */
interface Provided {
  readonly provider: string
}

/**
 * Asks a child process, which does nothing else meanwhile, to run a task.
 *
 * @param what the beginning of messages about the child's death: `calibrating cnn.onnx`
 * @throws MoptError as the task throws it, MachineError, InterruptedError.
 */
export async function ask<Input, Output>(
  task: Task<Input, Output>,
  input: NoInfer<Input>,
  what: string,
  control: RunControl & Listeners = {},
): Promise<Answer<Output>> {
  const {settings} = (input ?? {}) as {settings?: Provided}
  return withChild(task, settings, what, control, (child) => child.request(task, input, control))
}

/** The same for several questions of a task, one after another. @param settings what all of them are asked with. */
export async function withChild<T>(
  {leavesNothing}: Task<never, unknown>,
  settings: Provided | undefined,
  what: string,
  control: RunControl,
  use: (child: RuntimeChild) => Promise<T>,
): Promise<T> {
  // other providers keep devices and caches for the life of a process, and some cannot be asked twice
  const isShared = leavesNothing && settings?.provider === 'cpu'
  const child = (isShared ? takeChild : startChild)(what, control)
  try {
    const result = await use(child)
    await (isShared ? giveBack(child) : child.close())
    return result
  } catch (error) {
    await child.close()
    throw error
  }
}
