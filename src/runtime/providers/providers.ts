import {MoptError, ProviderError, UsageError} from '../../errors.js'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import {task} from '../child/task.js'
import {installAdvice, isForThisPlatform, PROVIDER_NAMES, wrongPlatform} from './provider-guide.js'

type ProvidersTask = typeof import('./providers-task.js')
const LIST_BACKENDS = task<ProvidersTask['listBackends']>('runtime/providers/providers-task', 'listBackends')
const TRY_PROVIDER = task<ProvidersTask['tryProvider']>('runtime/providers/providers-task', 'tryProvider')

export interface ProviderStatus {
  readonly name: string
  /** Whether its files come with the onnxruntime-node package. */
  readonly bundled: boolean
  /** Whether a tiny model was created and ran on it just now. */
  readonly loads: boolean
  /** The runtime's reason when it does not load. */
  readonly reason: string | null
  /** The step that makes it load. */
  readonly install: string | null
}

/** The providers this build of ONNX Runtime knows, each tried with a tiny model in a process of its own. */
export async function listProviders(control: RunControl = {}): Promise<ProviderStatus[]> {
  const {output: backends} = await ask(LIST_BACKENDS, undefined, 'listing providers', control)
  return Promise.all(backends.map(({name, bundled}) => statusOf(name, bundled, control)))
}

/**
 * Makes sure that providers can be used, before any work is done: ONNX Runtime itself falls back to the CPU in silence.
 *
 * @throws UsageError for a name no provider has, ProviderError with the runtime's reason and how to install it.
 */
export async function checkProviders(names: readonly string[], control: RunControl = {}): Promise<void> {
  for (const name of new Set(names)) checkName(name)
  // cpu is part of the library itself: if that does not load, the first session says why
  const others = [...new Set(names)].filter((name) => name !== 'cpu')
  await Promise.all(others.map((name) => tryToLoad(name, control)))
}

function checkName(name: string): void {
  if (!PROVIDER_NAMES.includes(name)) {
    const meant = PROVIDER_NAMES.find((known) => known === name.toLowerCase())
    throw new UsageError(`provider '${name}': expected one of ${PROVIDER_NAMES.join(', ')}`, {
      hint: meant ? `Write --provider ${meant}` : "'mopt doctor' lists the providers that load here",
    })
  }
  if (!isForThisPlatform(name)) {
    const hint = "'mopt doctor' lists the providers that load here"
    throw new ProviderError(`provider ${name} is not available: ${wrongPlatform(name)}`, {hint})
  }
}

async function statusOf(name: string, bundled: boolean, control: RunControl): Promise<ProviderStatus> {
  try {
    await tryToLoad(name, control)
    return {name, bundled, loads: true, reason: null, install: null}
  } catch (error) {
    // an interruption concerns the whole command, everything else this provider
    if (!(error instanceof MoptError) || control.signal?.aborted) throw error
    const reason = error.message.replace(`provider ${name} is not available: `, '')
    return {name, bundled, loads: false, reason, install: installAdvice(name)}
  }
}

async function tryToLoad(provider: string, control: RunControl): Promise<void> {
  await ask(TRY_PROVIDER, {provider}, `trying provider ${provider}`, control)
}
