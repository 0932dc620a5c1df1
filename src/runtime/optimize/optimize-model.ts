import {basename} from 'node:path'
import {runTask} from '../child/run-task.js'
import type {RunControl, SessionSettings} from '../session/session-settings.js'

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
  await runTask('optimize', {path, outPath, settings}, `optimizing ${basename(path)}`, control)
}
