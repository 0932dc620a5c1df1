import {basename} from 'node:path'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import {task} from '../child/task.js'
import type {SessionSettings} from '../session/session-settings.js'

const OPTIMIZE = task<typeof import('./optimize-task.js').optimize>('runtime/optimize/optimize-task', 'optimize')

/**
 * Saves the graph that ONNX Runtime makes of a model, fused and with its own operators: how to see what a rewrite really causes.
 *
 * @throws RuntimeRefusedError, MachineError, InterruptedError.
 */
export async function optimizeModel(
  path: string,
  outPath: string,
  settings: SessionSettings,
  control: RunControl = {},
): Promise<void> {
  await ask(OPTIMIZE, {path, outPath, settings}, `optimizing ${basename(path)}`, control)
}
