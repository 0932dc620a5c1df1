import {realpathSync, statSync} from 'node:fs'
import {resolve} from 'node:path'
import {InferenceSession, type Tensor} from 'onnxruntime-node'
import {FileError, MachineError, type MoptError, ProviderError, RuntimeRefusedError} from '../../errors.js'
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

/** What the WebGPU provider says of a float16 kernel on a device without the feature. */
const NO_HALVES = /requires f16 but the device does not support it|shader-f16/
const FOR_HALVES =
  'The model computes in float16, for which the device of this machine has no arithmetic (shader-f16): use a device that has it, --provider cpu, or a model that computes in float32'

const living = new Set<InferenceSession>()

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
  if (typeof model === 'string') checkFile(model)
  const options = {...optionsOf(settings), ...more}
  try {
    // two overloads, one call each
    const create = (from: string | Uint8Array): Promise<InferenceSession> =>
      typeof from === 'string' ? createFrom(from, options) : InferenceSession.create(from, options)
    const session = await create(model)
    living.add(session)
    if (isSpeakable(session)) return session
    await releaseSession(session)
    // rare, and the code that reads models takes longer to load than a small model
    const {renamedSession} = await import('./renamed-session.js')
    return await renamedSession(model, create)
  } catch (error) {
    throw await suspectOptimizer(toMoptError(error, `cannot load ${name}`, settings.provider), model, settings)
  }
}

/** Ends all sessions of this process: for the next asker, who must not pay for the last one's memory. */
/** Once. */
export async function releaseSessions(): Promise<void> {
  await Promise.all([...living].map(releaseSession))
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
    throw toMoptError(error, `cannot run ${name}`, undefined)
  }
}

/** What a rejection of the runtime means to the reader. */
export function toMoptError(error: unknown, what: string, provider: string | undefined): MoptError {
  const message = error instanceof Error ? error.message : String(error)
  const text = `ONNX Runtime ${what}: ${shortReason(message)}`
  if (OUT_OF_MEMORY.test(message)) {
    return new MachineError(text, {hint: 'Close other programs, or try a smaller --batch', cause: error})
  }
  if (provider !== undefined && provider !== 'cpu' && PROVIDER_FAILED.test(message)) {
    const reason = `provider ${provider} is not available: ${shortReason(message)}`
    return new ProviderError(reason, {hint: installAdvice(provider), cause: error})
  }
  const hint = NO_HALVES.test(message) ? FOR_HALVES : undefined
  return new RuntimeRefusedError(text, {hint, cause: error})
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
