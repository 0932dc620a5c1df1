import {elementCount} from '../../ir/tensor.js'
import {knownShape} from '../step/known-shape.js'
import type {StepGraph} from '../step/step-graph.js'
import type {OptimizerSpec} from './optimizer-spec.js'
import type {UpdateSpec} from './train-request.js'

/**
 * Up to how many weights several updates in one run are faster than runs of their own with the update outside, or as fast (measured:
 * MLPs of 0.7 to 235 thousand weights; plain descent takes half the time at the lower end). What surrounds a run is saved, and copies
 * that the runtime's JavaScript layer makes of all gradients; an optimizer with moments spends it on nodes of its own.
 */
const MOST_WEIGHTS: Readonly<Record<OptimizerSpec['kind'], number>> = {sgd: 250_000, adam: 50_000, adamw: 50_000}

/** More gain nothing, and a run is not interrupted. */
const MOST_UPDATES = 50
/** Under this, what surrounds a run is not spread over enough of them. */
const FEWEST_UPDATES = 8
const CHUNK_BYTES = 16 * 2 ** 20
const LARGEST_ELEMENT_BYTES = 8

/**
 * How many updates one run of the runtime does; 1: the update is done outside.
 *
 * @param wanted instead of what the measurements say; has no effect where the update cannot be inside.
 */
export function updatesPerRun(
  {model, parameters, statistics}: StepGraph,
  update: UpdateSpec,
  wanted?: number | undefined,
): number {
  const {optimizer, accumulate = 1, clipNorm, keepZeros, sparsity} = update
  // these look at gradients or weights between two updates
  if (accumulate > 1 || clipNorm !== undefined || keepZeros || sparsity || statistics.length > 0) return 1
  if (wanted !== undefined) return wanted
  const weights = parameters.reduce((sum, {shape}) => sum + elementCount(shape), 0)
  if (weights > MOST_WEIGHTS[optimizer.kind]) return 1
  const trained = new Set(parameters.map(({name}) => name))
  const inputs = model.graph.inputs.filter(({name}) => !trained.has(name))
  const batchBytes = inputs.reduce((sum, input) => sum + LARGEST_ELEMENT_BYTES * elementCount(knownShape(input)), 0)
  const updates = Math.min(MOST_UPDATES, Math.floor(CHUNK_BYTES / batchBytes))
  return updates < FEWEST_UPDATES ? 1 : updates
}
