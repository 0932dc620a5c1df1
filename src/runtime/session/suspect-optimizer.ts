import {InferenceSession} from 'onnxruntime-node'
import {type MoptError, RuntimeRefusedError} from '../../errors.js'
import type {SessionSettings} from './session-settings.js'

/**
 * Asks whether a model that was refused loads, and runs, as soon as the runtime does not optimize its graph: then the optimizer is to
 * blame and not the model, and the hint says so.
 *
 * @param model a file, or the bytes of a whole model.
 * @param feeds on which it was refused; absent when it did not load.
 * @returns the error with that hint, or as it was.
 */
export async function suspectOptimizer(
  error: MoptError,
  model: string | Uint8Array,
  {provider, optimization = 'all'}: SessionSettings,
  feeds?: InferenceSession.FeedsType,
): Promise<MoptError> {
  if (!(error instanceof RuntimeRefusedError) || optimization === 'disabled' || provider !== 'cpu') return error
  const options = {graphOptimizationLevel: 'disabled', logSeverityLevel: 4} as const
  try {
    // two overloads, one call each
    const session = await (typeof model === 'string'
      ? InferenceSession.create(model, options)
      : InferenceSession.create(model, options))
    if (feeds) await session.run(feeds)
    await session.release()
  } catch {
    return error
  }
  const does = feeds ? 'runs' : 'loads'
  return new RuntimeRefusedError(error.message, error.refusal, {
    cause: error,
    hint: `The runtime's own graph optimizer spoils this model: with graphOptimizationLevel 'disabled' it ${does}; mopt simplify may write it in a form that is taken as it is`,
  })
}
