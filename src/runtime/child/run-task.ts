import type {RunControl, SessionSettings} from '../session/session-settings.js'
import type {TaskInput, TaskName, TaskOutput} from './protocol.js'
import {giveBack, takeChild} from './spare-child.js'
import {type Listeners, startChild} from './start-child.js'

/** Tasks that leave nothing behind: their children may answer others. */
const SHARED: ReadonlySet<TaskName> = new Set(['calibrate', 'compare', 'evaluate', 'extremes', 'layerErrors'])

/** Other providers keep devices and caches for the life of a process, and some cannot be asked twice. */
function isOnCpu(input: unknown): boolean {
  const {settings} = input as {settings?: SessionSettings}
  return settings?.provider === 'cpu'
}

/**
 * Runs one task in a child process that does nothing else meanwhile.
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
  const isShared = SHARED.has(task) && isOnCpu(input)
  const child = (isShared ? takeChild : startChild)(what, control)
  try {
    const output = await child.request(task, input, control)
    await (isShared ? giveBack(child) : child.close())
    return output
  } catch (error) {
    await child.close()
    throw error
  }
}
