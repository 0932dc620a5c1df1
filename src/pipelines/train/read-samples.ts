import type {DataSpec} from '../../data/dataset.js'
import {portsOf} from '../../data/model-ports.js'
import {openData} from '../../data/open-data.js'
import type {Effects} from '../../effects.js'
import {DataError} from '../../errors.js'
import {tableSizes} from '../../facts/input-tables.js'
import type {Model} from '../../ir/model.js'
import {checkClasses} from '../../train/step/target-rows.js'
import {checkIds} from './check-ids.js'
import type {Objective} from './choose-losses.js'

/** What samples turn out to be for a model that is trained on them. */
export interface TrainingSamples {
  readonly path: string
  readonly count: number
  readonly labels: Float64Array | undefined
  /** Sizes of one sample's labels; empty for one, or none. */
  readonly labelShape: readonly number[]
  /** Whole shape of every input, for one run of the step. */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>
  /** Samples per run: what was asked for, or the only batch the model takes. */
  readonly batch: number
  /** Runs per update, so that an update sees as many samples as asked for. */
  readonly accumulate: number
  readonly notes: readonly string[]
}

/** Rows that held-out samples are read by. */
const JUDGE_BATCH = 64

/**
 * Reads all samples once, so that a broken one shows before the first epoch and not in the middle of it.
 *
 * @param batch samples per update.
 * @throws DataError for data that does not fit the model, for NaN and infinity, for ids outside their tables, and for fewer samples than one update takes.
 */
export async function readSamples(
  spec: DataSpec,
  model: Model,
  batch: number,
  {signal, progress}: Effects,
): Promise<TrainingSamples> {
  const dataset = await openData(spec, portsOf(model), {signal})
  const tables = tableSizes(model.graph)
  const {sampleCount: count, labels, labelShape, fixedBatch} = dataset
  const rows = fixedBatch ?? batch
  const accumulate = Math.max(1, Math.round(batch / rows))
  if (count < rows * accumulate) {
    const message = `${spec.path}: expected at least ${rows * accumulate} samples, one batch, got ${count}`
    throw new DataError(message, {hint: 'Give more samples, or a smaller --batch'})
  }
  let inputShapes: Record<string, readonly number[]> | undefined
  let done = 0
  for await (const read of dataset.batches(rows)) {
    const {inputs, size} = read
    checkIds(read, tables, spec, done)
    inputShapes ??= Object.fromEntries(Object.entries(inputs).map(([name, {shape}]) => [name, shape]))
    done += size
    progress('reading the data', done, count)
  }
  const notes = [...dataset.notes, ...batchNotes(batch, rows, accumulate)]
  return {path: spec.path, count, labels, labelShape, inputShapes: inputShapes ?? {}, batch: rows, accumulate, notes}
}

/** The labels of held-out samples; those with ids are read once, as above. @throws DataError */
export async function readJudge(
  spec: DataSpec,
  model: Model,
  {signal}: Pick<Effects, 'signal'>,
): Promise<LabelledSamples> {
  const dataset = await openData(spec, portsOf(model), {signal})
  const tables = tableSizes(model.graph)
  let done = 0
  for await (const read of tables.size > 0 ? dataset.batches(JUDGE_BATCH) : []) {
    checkIds(read, tables, spec, done)
    done += read.size
  }
  const {labels, labelShape} = dataset
  return {path: spec.path, labels, labelShape}
}

/** What a model that only takes batches of its own size makes of the batch that was asked for. */
function batchNotes(wanted: number, rows: number, accumulate: number): string[] {
  if (rows * accumulate === wanted) return []
  return [`the model takes batches of ${rows} alone: an update sees ${rows * accumulate} samples, not ${wanted}`]
}

/** @throws DataError for labels that the loss cannot take. */
export function checkLabels(samples: LabelledSamples, objective: Objective): void {
  const isUsed = objective.losses.some(
    (loss) => loss.kind === 'cross-entropy' || ('against' in loss && loss.against === 'labels'),
  )
  if (isUsed) checkClassLabels(samples, objective)
}

/** @throws DataError for labels of held-out samples that the metric cannot take. */
export function checkJudgeLabels(samples: LabelledSamples, objective: Objective): void {
  if (objective.metric.needs === 'labels') checkClassLabels(samples, objective)
}

/** What a check of labels needs to know of samples. */
export type LabelledSamples = Pick<TrainingSamples, 'path' | 'labels' | 'labelShape'>

function checkClassLabels({labels, labelShape, path}: LabelledSamples, {classes, kind}: Objective): void {
  if (!labels || classes === undefined) return
  checkClasses(labels, classes, {path, isIgnored: labelShape.length > 0, areDecisions: kind === 'decisions'})
}
