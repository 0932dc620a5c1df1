import {BugError, ModelError, ProviderError, RuntimeRefusedError} from '../../errors.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeVariant} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import {compareOutputs} from '../../runtime/compare/compare-outputs.js'
import {withLevel} from '../../runtime/session/spoiling-level.js'
import type {Culprits, Pair} from './compare-with-input.js'
import {differs} from './describe-difference.js'
import {providerFault} from './provider-fault.js'
import type {Work} from './work.js'

/** Says who is to blame for a proof that fails, in the words of the verb's files. */
export function culpritsOf(work: Pick<Work, 'exact' | 'outputPath' | 'samples' | 'model'>, pair: Pair): Culprits {
  const {exact, outputPath} = work
  return {
    async mopt(problem, optimization, cause) {
      const what = problem.replaceAll(pair.output, outputPath)
      const refused = cause instanceof RuntimeRefusedError && (await providerFault(cause, pair.output, pair))
      if (refused) return renamed(refused, pair.output, outputPath)
      if (exact) return exact.blame(what, optimization)
      const isRewritten = await isWrongUnchanged(pair)
      const wrong =
        cause instanceof RuntimeRefusedError ? 'ONNX Runtime refuses the changed model' : 'the changed model is wrong'
      const failure = `${wrong}, nothing was written: ${what}`
      return new BugError(isRewritten ? `${failure}. It is so without any change, as mopt writes it back` : failure, {
        cause,
        hint: isRewritten ? 'Report the model' : 'Leave the named node alone with --exclude, and report the model',
      })
    },
    file: async (refused) => (await providerFault(refused, pair.input, pair)) ?? fileFault(refused, work),
  }
}

/** Of a file that is gone when the error is read. */
function renamed(error: ProviderError, from: string, to: string): ProviderError {
  const {message, hint, cause} = error
  return new ProviderError(`${message.replaceAll(from, to)}; nothing was written`, {hint, cause})
}

/** The input model does not load, or does not run on its samples or on what was made up for it, at any level. */
function fileFault(
  refused: RuntimeRefusedError,
  {samples, model}: Pick<Work, 'samples' | 'model'>,
): RuntimeRefusedError | ModelError {
  const {message, hint, refusal} = refused
  if (refusal.phase === 'load') {
    const advice = 'mopt can change a model that ONNX Runtime does not load with --no-verify, without any proof'
    return new RuntimeRefusedError(message, refusal, {cause: refused, hint: hint ?? advice})
  }
  if (!samples && isGuessed(model)) {
    const advice =
      'Its inputs were made up: give samples with --data, sizes it runs with by --check-shape, or skip the run with --no-verify'
    return new RuntimeRefusedError(message, refusal, {cause: refused, hint: hint ?? advice})
  }
  if (refusal.isUnimplemented) return refused
  const advice = 'Nor does it with graph optimizations off: look at the named node, and at what the exporter made of it'
  return new ModelError(message, {cause: refused, hint: hint ?? advice})
}

/** Whether sizes or values were free to choose: then they may be what is wrong. */
function isGuessed({graph}: Model): boolean {
  return graph.inputs.some(({type}) => {
    if (type?.kind !== 'tensor' || !type.shape) return true
    return type.dtype !== 'float32' || type.shape.some((size) => typeof size !== 'number')
  })
}

/** Whether the input gives other outputs, or does not run, as soon as mopt reads and writes it. */
async function isWrongUnchanged({input, settings, options}: Pair): Promise<boolean> {
  const off = withLevel(settings, 'disabled')
  return withTempFolder(async (folder) => {
    const path = `${folder}/unchanged.onnx`
    try {
      await writeVariant(input, path, () => {}, {open: {keepInitializerInputs: true}})
      return differs(await compareOutputs(input, path, off, {...options, tolerance: {rtol: 1e-4, atol: 1e-5}}))
    } catch (error) {
      if (error instanceof RuntimeRefusedError) return true
      throw error
    }
  })
}
