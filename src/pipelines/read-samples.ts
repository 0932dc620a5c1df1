import type {DataSpec, InputPort} from '../data/dataset.js'
import {openData} from '../data/open-data.js'
import {DataError} from '../errors.js'
import {checkClasses} from '../train/target-rows.js'
import type {Objective} from './choose-losses.js'
import type {Effects} from './options.js'

/** What samples turn out to be for a model that is trained on them. */
export interface TrainingSamples {
  readonly path: string
  readonly count: number
  readonly labels: Float64Array | undefined
  /** Whole shape of every input, for one run of the step. */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>
  /** Samples per run: what was asked for, or the only batch the model takes. */
  readonly batch: number
  /** Runs per update, so that an update sees as many samples as asked for. */
  readonly accumulate: number
  readonly notes: readonly string[]
}

/**
 * Reads all samples once, so that a broken one shows before the first epoch and not in the middle of it.
 *
 * @param batch samples per update.
 * @throws DataError for data that does not fit the model, for NaN and infinity, and for fewer samples than one update takes.
 */
export async function readSamples(
  spec: DataSpec,
  ports: readonly InputPort[],
  batch: number,
  {signal, progress}: Effects,
): Promise<TrainingSamples> {
  const dataset = await openData(spec, ports, {signal})
  const {sampleCount: count, labels, notes, fixedBatch} = dataset
  const rows = fixedBatch ?? batch
  const accumulate = Math.max(1, Math.round(batch / rows))
  if (count < rows * accumulate) {
    const message = `${spec.path}: expected at least ${rows * accumulate} samples, one batch, got ${count}`
    throw new DataError(message, {hint: 'Give more samples, or a smaller --batch'})
  }
  let inputShapes: Record<string, readonly number[]> | undefined
  let done = 0
  for await (const {inputs, size} of dataset.batches(rows)) {
    inputShapes ??= Object.fromEntries(Object.entries(inputs).map(([name, {shape}]) => [name, shape]))
    done += size
    progress('reading the data', done, count)
  }
  return {path: spec.path, count, labels, inputShapes: inputShapes ?? {}, batch: rows, accumulate, notes}
}

/** @throws DataError for labels that the loss cannot take. */
export function checkLabels({labels, path}: TrainingSamples, {losses, classes}: Objective): void {
  const isUsed = losses.some(
    (loss) => loss.kind === 'cross-entropy' || ('against' in loss && loss.against === 'labels'),
  )
  if (labels && isUsed && classes !== undefined) checkClasses(labels, classes, path)
}
