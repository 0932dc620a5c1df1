import {rmSync} from 'node:fs'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {InterruptedError, UsageError} from '../../errors.js'
import {hasSamePorts} from '../../facts/same-ports.js'
import type {Model} from '../../ir/model.js'
import type {JudgedPair} from '../../judge/judge-pair.js'
import type {MetricPair, TrainingFacts, TrainingResult} from '../../results.js'
import type {SparsitySpec} from '../../train/loop/mask-schedule.js'
import type {CheckpointSpec} from '../../train/loop/train-request.js'
import type {TrainingOptions} from '../training-options.js'
import {outputPath} from '../transform/output-path.js'
import {
  type Changed,
  dataFiles,
  type Opened,
  type TransformOptions,
  type TransformResult,
  transform,
} from '../transform/transform.js'
import type {HeldAgainst, JudgeOutput, Reference} from '../transform/work.js'
import {checkpointOf, resumable} from './checkpoint-file.js'
import type {OpenedTeacher} from './open-teacher.js'
import {trainModel} from './train-model.js'
import {chosenBy, factsOf} from './training-facts.js'
import type {TrainedModel, TrainingJob} from './training-job.js'
import {RECORD_KEY, trainingRecord, withRecord} from './training-record.js'
import {checkTrainingReports, writeTrainingReports} from './training-reports.js'
import {warningsOf} from './training-warnings.js'

export interface TrainFileOptions extends TrainingOptions, TransformOptions {
  readonly batch?: number | undefined
  /** The arguments of the command, to say how to go on after an interruption. */
  readonly argv: readonly string[]
  /** Files for reports: `.md` with a picture beside it, `.svg`, `.json`. */
  readonly reports?: readonly string[] | undefined
}

/** One of the verbs that train. */
export interface TrainingVerb {
  readonly command: 'distill' | 'finetune' | 'prune'
  readonly suffix: string
  /** Weights that are zero stay zero. */
  readonly keepZeros: boolean
  readonly teacher: OpenedTeacher | undefined
  /** What the result is held against; the file it was made of when absent. */
  readonly reference?: Reference | undefined
  /** What else decides the weights, for the record of the training. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** What a verb only knows once it has seen the model. */
export interface TrainParts {
  /** In the place of the verb's own. */
  readonly teacher?: OpenedTeacher | undefined
  readonly sparsity?: SparsitySpec | undefined
}

/** A training that is done, and what is to be said of it. */
export interface Trained {
  readonly trained: TrainedModel
  readonly changed: Changed<TrainingFacts>
}

/** Trains the model that is open, in place. */
export type Train = (parts?: TrainParts) => Promise<Trained>

/** Trains the model of a file, writes it beside it, and proves what came of it. What `distill` and `finetune` share. */
export async function trainFile(
  path: string,
  verb: TrainingVerb,
  options: TrainFileOptions,
  effects: Effects,
): Promise<TrainingResult> {
  await checkTrainingReports(options.reports ?? [])
  let trained: TrainedModel | undefined
  const written = await transformByTraining(path, verb, options, effects, async ({file}, train) => {
    const done = await train()
    trained = done.trained
    const student = {path: file.path, sizeBytes: file.sizeBytes}
    return {...done.changed, facts: {...done.changed.facts, student, reinitialized: options.reinitialize}}
  })
  const result = {...written, metric: metricOf(trained, written.metric)}
  await writeTrainingReports(options.reports ?? [], result, options.argv)
  return result
}

/**
 * The walk of every verb that trains: an interrupted training can be gone on with, a finished one leaves no checkpoint behind that
 * was not asked for.
 *
 * @param change what the verb does, the training among it.
 */
export async function transformByTraining<Facts extends object>(
  path: string,
  verb: TrainingVerb,
  options: TrainFileOptions,
  effects: Effects,
  change: (opened: Opened, train: Train) => Promise<Changed<Facts>>,
): Promise<TransformResult<Facts>> {
  if (options.data === undefined) {
    throw new UsageError('expected samples to learn from, got none', {
      hint: 'Give them with --data PATH, see docs/data.md',
    })
  }
  const {command, suffix, teacher} = verb
  const inputs = [path, ...(teacher?.file.files ?? []), ...dataFiles(options)]
  const checkpoint = checkpointOf(outputPath(path, suffix, options.output), options, inputs)
  const transformation = {
    ...{command, suffix, needsJudge: true, reads: teacher?.file.files ?? []},
    judged: teacher && {path: teacher.file.path, model: teacher.file.model, map: teacher.map},
    change: (opened: Opened) => {
      return change(opened, async (parts = {}) => {
        const own = {...verb, teacher: parts.teacher ?? teacher, sparsity: parts.sparsity}
        const trained = await trainOpened(opened, own, {...options, checkpointSpec: checkpoint}, effects)
        return {trained, changed: changedBy(trained, own, opened, options)}
      })
    },
  }
  try {
    const result = await transform(path, transformation, options, effects)
    if (checkpoint.onlyWhenStopped) rmSync(checkpoint.path, {force: true})
    return result
  } catch (error) {
    throw error instanceof InterruptedError ? resumable(error, checkpoint, options) : error
  }
}

async function trainOpened(
  {file, model, data}: Opened,
  verb: TrainingVerb & TrainParts,
  options: TrainFileOptions & {readonly checkpointSpec: CheckpointSpec},
  effects: Effects,
): Promise<TrainedModel> {
  const {teacher, command, keepZeros, sparsity, settings} = verb
  const {learn, judge} = data
  if (!learn) throw new UsageError('expected samples to learn from, got none')
  const record = await trainingRecord({command, start: file, teacher: teacher?.file, learn, judge, options, settings})
  const job: TrainingJob = {
    path: file.path,
    model,
    learn,
    judge,
    teacher,
    options,
    update: {keepZeros: keepZeros && !options.reinitialize, sparsity},
    checkpoint: options.checkpointSpec,
    // the checkpoint itself knows when more epochs are the same training
    identity: JSON.stringify({...record, settings: {...record.settings, epochs: undefined}}),
  }
  const trained = await trainModel(job, effects)
  model.metadata = withRecord(model.metadata, {...record, ...chosenBy(trained, options)})
  return trained
}

function changedBy(
  trained: TrainedModel,
  verb: TrainingVerb,
  opened: Opened,
  options: TrainingOptions,
): Changed<TrainingFacts> {
  const {teacher, reference} = verb
  const {data, model} = opened
  const {frozen, peakRssBytes} = trained
  return {
    report: {
      changed: trained.trained.map((name) => ({rule: 'train', node: name})),
      skipped: frozen.map(({name, reason}) => ({node: name, op: 'weight', reason})),
    },
    facts: factsOf(trained, teacher?.file, options),
    peakRssBytes,
    warnings: warningsOf(trained, options),
    reference: reference && teacher && besideTeacher(reference, teacher, model, data.judge),
    heldAgainst: heldAgainst(verb, opened),
    noteBytes: Buffer.byteLength(model.metadata.get(RECORD_KEY) ?? ''),
    judgeOutput: judgeWith(trained, reference !== undefined),
  }
}

/**
 * Training moves answers away from those of the file it began with: they are held against the teacher's, if it has the same outputs; a
 * model that was pruned meanwhile against the dense one.
 */
function heldAgainst(
  {teacher, reference, command}: Pick<TrainingVerb, 'teacher' | 'reference' | 'command'>,
  {file, model}: Opened,
): HeldAgainst | undefined {
  if (command === 'prune' && (!teacher || teacher.file.path === file.path))
    return {path: file.path, against: 'original'}
  if (!teacher || !(reference || hasSamePorts(teacher.file.model.graph, model.graph))) return undefined
  return {path: teacher.file.path, against: 'teacher'}
}

/** The teacher is fed by arrays of its own, and may have inputs and outputs that the student has not. */
function besideTeacher(
  reference: Reference,
  {file, map}: OpenedTeacher,
  {graph}: Model,
  judge: DataSpec | undefined,
): Reference {
  const isComparable = hasSamePorts(file.model.graph, graph)
  return {...reference, isComparable, ...(judge && {samples: {...judge, map}})}
}

/** The written file beside the teacher, or beside the file it was made of. */
function judgeWith(trained: TrainedModel, besideTeacher: boolean): JudgeOutput | undefined {
  const {measure, teacherMetric, start, objective} = trained
  const startMetric = start?.value ?? Number.NaN
  const {name, direction, bounded} = objective.metric
  const before = besideTeacher ? (teacherMetric ?? startMetric) : startMetric
  return (
    measure &&
    (async (path): Promise<JudgedPair> => {
      const {value, samples, peakRssBytes} = await measure(path, 'evaluating the output')
      return {name, before, after: value, direction, bounded, samples, peakRssBytes}
    })
  )
}

function metricOf(trained: TrainedModel | undefined, pair: MetricPair): TrainingResult['metric'] {
  return {
    name: trained?.objective.metric.name ?? '',
    before: trained?.start?.value ?? Number.NaN,
    after: pair?.after ?? null,
    teacher: trained?.teacherMetric ?? null,
    samples: trained?.start?.samples ?? 0,
  }
}
