import type {TaskInput, TaskName, TaskOutput} from './protocol.js'
import type {RunControl} from './session-settings.js'
import {type Listeners, startChild} from './start-child.js'

/**
 * Runs one task in a child process of its own, which is gone when the promise settles.
 *
 * @param what the beginning of messages about the child's death: `calibrating cnn.onnx`
 * @throws MoptError as the task throws it, MachineError, InterruptedError.
 */
export async function runTask<K extends TaskName>(
  task: K,
  input: TaskInput<K>,
  what: string,
  control: RunControl & Listeners = {},
): Promise<TaskOutput<K>> {
  const child = startChild(what, control)
  try {
    return await child.request(task, input, control)
  } finally {
    await child.close()
  }
}
