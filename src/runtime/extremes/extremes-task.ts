import type {Tensor} from 'onnxruntime-node'
import type {TaskContext} from '../child/task-context.js'
import {openSource} from '../inputs/feeds.js'
import {inputPorts} from '../session/ports.js'
import {createSession, runSession} from '../session/session.js'
import type {InputSource, SessionSettings} from '../session/session-settings.js'
import {toFloat32} from '../session/to-float32.js'

export interface ExtremesRequest {
  readonly path: string
  readonly settings: SessionSettings
  readonly source: InputSource
  /** Outputs of a single number. */
  readonly outputs: readonly string[]
}

const ROWS = 1
const FRUGAL = {enableMemPattern: false}

/**
 * Runs a model that measures itself, and keeps the largest of each figure. Optimizations are off: a fused node has no inner tensors.
 *
 * @returns the largest that each output was, in their order; never NaN.
 */
export async function extremes(request: ExtremesRequest, context: TaskContext): Promise<number[]> {
  const {path, source, outputs} = request
  const settings = {...request.settings, optimization: 'disabled'} as const
  const session = await createSession(path, settings, FRUGAL, 'the model that measures itself')
  const opened = await openSource(source, inputPorts(session, settings.dims), ROWS)
  const largest = outputs.map(() => 0)
  let done = 0
  for await (const {feeds, size} of opened.batches()) {
    const results = await runSession(session, feeds, outputs, 'the model that measures itself')
    outputs.forEach((name, i) => {
      const [value = 0] = toFloat32(results[name] as Tensor)
      if (value > (largest[i] as number)) largest[i] = value
    })
    done += size
    context.progress(done, opened.total)
  }
  return largest
}
