import {realpathSync, statSync} from 'node:fs'
import {resolve} from 'node:path'
import {InferenceSession, type Tensor} from 'onnxruntime-node'
import {
  FileError,
  MachineError,
  type MoptError,
  ProviderError,
  type Refusal,
  RuntimeRefusedError,
} from '../../errors.js'
import {installAdvice} from '../providers/provider-guide.js'
import type {SessionSettings} from './session-settings.js'
import {shortReason} from './short-reason.js'
import {isSpeakable} from './speakable-names.js'
import {suspectOptimizer} from './suspect-optimizer.js'

export type Feeds = Readonly<Record<string, Tensor>>

/** Only errors: a warning per unused initializer helps nobody, and everything printed ends in an error's cause. */
const LOG_SEVERITY = 3
const OUT_OF_MEMORY = /bad_alloc|bad allocation|Failed to allocate memory|out of memory|Invalid array length/i
const DATA_NOT_FOUND = /External data path|cannot get file size/
const PROVIDER_FAILED =
  /no available backend found|OrtSessionOptionsAppendExecutionProvider|WebGPU adapter|CUDA failure/

/** What the runtime has no kernel for is valid, and no fault of the file. */
const NO_KERNEL = /not implemented|not supported|unsupported|could not find an implementation/i

/** What the WebGPU provider says of a float16 kernel on a device without the feature. */
const NO_HALVES = /requires f16 but the device does not support it|shader-f16/
const FOR_HALVES =
  'The model computes in float16, for which the device of this machine has no arithmetic (shader-f16): use a device that has it, --provider cpu, or a model that computes in float32'

/** What is loaded, and from which file. */
const living = new Map<InferenceSession, string | undefined>()

/**
 * Loads a model in this process. Spinning of waiting threads is off: it makes timings depend on what else the machine does.
 *
 * @param model a file (external data is found beside it), or the bytes of a whole model.
 * @param more options on top of the settings: profiling, where to save the optimized graph.
 * @param name what messages call the model; its path when absent.
 * @throws FileError when there is no such file, RuntimeRefusedError, ProviderError, MachineError.
 */
export async function createSession(
  model: string | Uint8Array,
  settings: SessionSettings,
  more: InferenceSession.SessionOptions = {},
  name = typeof model === 'string' ? model : 'the model',
): Promise<InferenceSession> {
  const path = typeof model === 'string' ? model : undefined
  if (path !== undefined) checkFile(path)
  const options = {...optionsOf(settings), ...more}
  try {
    // two overloads, one call each
    const create = (from: string | Uint8Array): Promise<InferenceSession> =>
      typeof from === 'string' ? createFrom(from, options) : InferenceSession.create(from, options)
    const session = await create(model)
    living.set(session, path)
    if (isSpeakable(session)) return session
    await releaseSession(session)
    // rare, and the code that reads models takes longer to load than a small model
    const {renamedSession} = await import('./renamed-session.js')
    const renamed = await renamedSession(model, create)
    living.set(renamed, path)
    return renamed
  } catch (error) {
    throw await suspectOptimizer(
      toMoptError(error, {phase: 'load', name, path, provider: settings.provider}),
      model,
      settings,
    )
  }
}

/** Ends all sessions of this process: for the next asker, who must not pay for the last one's memory. */
export async function releaseSessions(): Promise<void> {
  await Promise.all([...living.keys()].map(releaseSession))
}

/** Once. */
export async function releaseSession(session: InferenceSession): Promise<void> {
  living.delete(session)
  await session.release()
}

/** The runtime looks for external data beside the path it is given, even where that is a link to a model with its data elsewhere. */
async function createFrom(path: string, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, options)
  } catch (error) {
    const real = realpathSync(path)
    if (real === resolve(path) || !DATA_NOT_FOUND.test(String(error))) throw error
    return InferenceSession.create(real, options)
  }
}

/** @param name what messages call the model. @throws RuntimeRefusedError when a kernel fails on these inputs, MachineError when memory runs out. */
export async function runSession(
  session: InferenceSession,
  feeds: Feeds,
  outputs: readonly string[],
  name: string,
): Promise<InferenceSession.OnnxValueMapType> {
  // the interface for Node runs for no outputs not at all
  if (outputs.length === 0) return {}
  try {
    return await session.run(feeds, outputs)
  } catch (error) {
    throw runError(error, session, name)
  }
}

/** What a failed run means to the reader. @param name what messages call the model. */
export function runError(error: unknown, session: InferenceSession, name: string): MoptError {
  return toMoptError(error, {phase: 'run', name, path: living.get(session)})
}

interface Attempt extends Pick<Refusal, 'path' | 'phase'> {
  /** What messages call the model. */
  readonly name: string
  /** That was asked to load it. */
  readonly provider?: string
}

/** What a rejection of the runtime means to the reader. */
function toMoptError(error: unknown, {path, phase, name, provider}: Attempt): MoptError {
  const message = error instanceof Error ? error.message : String(error)
  const reason = shortReason(message)
  const text = `ONNX Runtime cannot ${phase} ${name}: ${reason}`
  if (OUT_OF_MEMORY.test(message)) {
    return new MachineError(text, {hint: 'Close other programs, or try a smaller --batch', cause: error})
  }
  if (provider !== undefined && provider !== 'cpu' && PROVIDER_FAILED.test(message)) {
    return new ProviderError(`provider ${provider} is not available: ${reason}`, {
      hint: installAdvice(provider),
      cause: error,
    })
  }
  const hint = NO_HALVES.test(message) ? FOR_HALVES : undefined
  return new RuntimeRefusedError(text, {path, phase, isUnimplemented: NO_KERNEL.test(reason)}, {hint, cause: error})
}

function optionsOf(settings: SessionSettings): InferenceSession.SessionOptions {
  return {
    executionProviders: [settings.provider],
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: settings.optimization ?? 'all',
    logSeverityLevel: LOG_SEVERITY,
    extra: {'session.intra_op.allow_spinning': '0', ...settings.extra},
  }
}

/** The runtime's own words for a missing file or a folder are of no help. */
function checkFile(path: string): void {
  const stat = statSync(path, {throwIfNoEntry: false})
  if (!stat) throw new FileError(`${path}: no such file`)
  if (!stat.isFile()) throw new FileError(`${path}: expected a model file, found a folder`)
}
