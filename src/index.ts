import type {z} from 'zod'
import type {Effects, Progress} from './effects.js'
import {InterruptedError} from './errors.js'
import type {benchOptions} from './options/bench.js'
import type {inspectOptions} from './options/inspect.js'
import type {pruneOptions} from './options/prune.js'
import type {quantizeOptions} from './options/quantize.js'
import type {ReadOnly} from './options/read-only.js'
import type {simplifyOptions} from './options/simplify.js'
import type {distillOptions, finetuneOptions} from './options/training.js'
import type {ModelView} from './pipelines/inspect/view-model.js'
import type {
  BenchResult,
  DistillResult,
  FinetuneResult,
  InspectResult,
  PruneResult,
  QuantizePlanResult,
  QuantizeResult,
  QuantizeSensitivityResult,
  SimplifyResult,
} from './results.js'

/**
 * The library: the verbs of the command line as functions. They print nothing and end no process; what cannot be done is thrown as a
 * `MoptError`. Code is loaded when a verb is called, ONNX Runtime when a model runs.
 */

export {MoptError} from './errors.js'
export type {ModelView} from './pipelines/inspect/view-model.js'

/** What goes with a call, beside its options. */
export interface Control {
  /** Ends the work; the promise then rejects with a `MoptError` of code `INTERRUPTED`. */
  readonly signal?: AbortSignal | undefined
  /** Called as work goes on; `total` 0 when it is not known. */
  readonly onProgress?: Progress | undefined
}

/** Options as they are given: what has a default may be left out. */
type Given<Schema extends z.ZodType> = ReadOnly<z.input<Schema>>

export type BenchOptions = Given<typeof benchOptions>
export type DistillOptions = Given<typeof distillOptions>
export type FinetuneOptions = Given<typeof finetuneOptions>
export type InspectOptions = Given<typeof inspectOptions>
export type PruneOptions = Given<typeof pruneOptions>
export type QuantizeOptions = Given<typeof quantizeOptions>
export type SimplifyOptions = Given<typeof simplifyOptions>

/** Whatever the reason of the asker's signal, the work ends with mopt's own error. */
async function controlled<T>(
  {signal, onProgress = () => {}}: Control,
  work: (effects: Effects) => Promise<T>,
): Promise<T> {
  const own = new AbortController()
  const stop = (): void => own.abort(new InterruptedError())
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  try {
    return await work({signal: own.signal, progress: onProgress})
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** What a model is made of: shapes, operators, parameters, MACs. Runs nothing. */
export async function inspect(
  path: string,
  options: InspectOptions = {},
  control: Control = {},
): Promise<InspectResult> {
  const {runInspect} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runInspect(path, options, effects))
}

/** Makes the graph of a model smaller: the same outputs from fewer nodes. */
export async function simplify(
  path: string,
  options: SimplifyOptions = {},
  control: Control = {},
): Promise<SimplifyResult> {
  const {runSimplify} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runSimplify(path, options, effects))
}

/** Says what `quantize` would make of each node, and why. Writes nothing. */
export async function planQuantization(
  path: string,
  options: QuantizeOptions = {},
  control: Control = {},
): Promise<QuantizePlanResult> {
  const {runPlan} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runPlan(path, options, effects))
}

/** Ranks the layers of a model by what quantizing each alone does to its answers. Writes nothing. */
export async function rankLayers(
  path: string,
  options: QuantizeOptions = {},
  control: Control = {},
): Promise<QuantizeSensitivityResult> {
  const {runRankLayers} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runRankLayers(path, options, effects))
}

/** Makes the numbers of a model int8, 4-bit or float16. */
export async function quantize(
  path: string,
  options: QuantizeOptions = {},
  control: Control = {},
): Promise<QuantizeResult> {
  const {runQuantize} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runQuantize(path, options, effects))
}

/** Sets the least important weights of a model to zero, with or without training. */
export async function prune(path: string, options: PruneOptions = {}, control: Control = {}): Promise<PruneResult> {
  const {runPrune} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runPrune(path, options, effects))
}

/** Trains a smaller model to answer like the one at `path`. */
export async function distill(path: string, options: DistillOptions, control: Control = {}): Promise<DistillResult> {
  const {runDistill} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runDistill(path, options, effects))
}

/** Trains a model on, to win back what was lost. */
export async function finetune(
  path: string,
  options: FinetuneOptions = {},
  control: Control = {},
): Promise<FinetuneResult> {
  const {runFinetune} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runFinetune(path, options, effects))
}

/** Latency, memory, size and accuracy of models; the first is the baseline. */
export async function bench(
  paths: readonly string[],
  options: BenchOptions = {},
  control: Control = {},
): Promise<BenchResult> {
  const {runBench} = await import('./pipelines/verbs.js')
  return controlled(control, (effects) => runBench(paths, options, effects))
}

/** Opens a model to look at its graph and to read its weights. */
export async function openModel(path: string): Promise<ModelView> {
  const {viewModel} = await import('./pipelines/inspect/view-model.js')
  return viewModel(path)
}
