import type {DataSpec} from '../../data/dataset.js'
import {portsOf} from '../../data/model-ports.js'
import type {Effects} from '../../effects.js'
import {countParameters, parametersOf} from '../../facts/parameters.js'
import {isQuantized, quantizationState} from '../../facts/quantization-state.js'
import type {Model} from '../../ir/model.js'
import {doubtPreparation} from '../../judge/doubt-preparation.js'
import type {BenchOptions} from '../../options/bench.js'
import type {RunOptions} from '../../options/common.js'
import type {Warning} from '../../results.js'
import type {Evaluation} from '../../runtime/evaluate/evaluate.js'
import type {BenchModel} from '../bench/models.js'

/** From this share of zeros on a model was pruned so much that its answers may be bad on their own. */
const PRUNED_SHARE = 0.3

/** The trained model that a verb starts from, or learns from. */
export interface TrainedFile {
  readonly path: string
  readonly model: Model
  /** Which array of the data feeds which of its inputs, where names differ. */
  readonly map?: Readonly<Record<string, string>> | undefined
}

/** Whether samples with labels are prepared as the model was trained: see {@link doubtPreparation}. No data, no doubt. */
export async function doubtData(
  {path, model, map}: TrainedFile,
  data: DataSpec | undefined,
  {provider, threads, dims}: RunOptions,
  {signal, progress}: Effects,
): Promise<Warning[]> {
  if (!data) return []
  progress('judging the model on the data', 0, 0)
  const found = await doubtPreparation({
    ...{path, signal, settings: {provider, threads, dims}, inputs: portsOf(model)},
    data: map ? {...data, map} : data,
    isAltered: () => isAltered(model),
  })
  return found ? [found] : []
}

function isAltered({graph}: Model): boolean {
  const parameters = countParameters(parametersOf(graph), {zeros: true})
  const zeros = (parameters.zeros ?? 0) / Math.max(1, parameters.count)
  return zeros >= PRUNED_SHARE || isQuantized(quantizationState(graph, parameters))
}

/** The same for the first model of a bench, whose answers are known. */
export async function doubtBaseline(
  {path, inputs, isQuantized, sparsity}: BenchModel,
  data: DataSpec,
  known: Evaluation,
  {run: {providers, threadCounts, dims}, judge: {outputName}}: BenchOptions,
  {signal}: Effects,
): Promise<Warning[]> {
  const settings = {provider: providers[0] ?? 'cpu', threads: threadCounts[0] ?? 1, dims}
  const isAltered = () => isQuantized || (sparsity ?? 0) >= PRUNED_SHARE
  const found = await doubtPreparation({path, settings, inputs, data, known, outputName, signal, isAltered})
  return found ? [found] : []
}
