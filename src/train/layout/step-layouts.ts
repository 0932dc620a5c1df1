import type {Model} from '../../ir/model.js'
import {toFeeds} from '../../runtime/inputs/feeds.js'
import type {EncodedModels} from '../../runtime/session/encode-models.js'
import {createSession, runSession} from '../../runtime/session/session.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import {blockedCopy} from './block-layout.js'
import {blockSize} from './block-size.js'
import {CHECK_INPUT, CHECK_OUTPUT, layoutCheck} from './layout-check.js'

/** Sums of a few hundred products around 0.1, in float32, in another order. */
const TOLERANCE = 1e-4

/**
 * The forms of a training step that its child process can choose from, by the names that `chooseStep` knows them by.
 *
 * @param step not modified.
 */
export function stepLayouts(step: Model, {provider}: SessionSettings): Record<string, Model> {
  if (provider !== 'cpu') return {step}
  const block = blockSize()
  const {model, changed} = blockedCopy(step, block)
  return changed === 0 ? {step} : {step, blocked: model, check: layoutCheck(block)}
}

/** The fastest form that computes right on this machine. @param models as `stepLayouts` gives them, encoded. */
export async function chooseStep(models: EncodedModels, settings: SessionSettings): Promise<Uint8Array> {
  const {step, blocked, check} = models
  return (blocked && check && (await agrees(check, settings)) ? blocked : step) as Uint8Array
}

async function agrees(check: Uint8Array, settings: SessionSettings): Promise<boolean> {
  try {
    const session = await createSession(check, settings)
    const feeds = toFeeds({[CHECK_INPUT]: {dtype: 'float32', shape: [], data: Float32Array.of(1)}})
    const {[CHECK_OUTPUT]: difference} = await runSession(session, feeds, [CHECK_OUTPUT], 'the layout check')
    await session.release()
    return Number(difference?.data[0]) <= TOLERANCE
  } catch {
    // a runtime without these operators trains in the plain layout
    return false
  }
}
