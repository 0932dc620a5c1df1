import {rmSync} from 'node:fs'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {InterruptedError, UsageError} from '../../errors.js'
import {hasSamePorts} from '../../facts/same-ports.js'
import type {Model} from '../../ir/model.js'
import type {JudgedPair} from '../../judge/judge-pair.js'
import type {TrainingRooms} from '../../options/training.js'
import type {FileRecord} from '../../provenance/record.js'
import {trainingReport} from '../../report/training-report.js'
import type {MetricPair, TrainingFacts, TrainingResult} from '../../results.js'
import type {SparsitySpec} from '../../train/loop/sparsity-spec.js'
import type {CheckpointSpec} from '../../train/loop/train-request.js'
import {checkReports, writeReports} from '../reports/write-reports.js'
import {commandLine} from '../transform/command-line.js'
import {dataFiles, type Opened, type OpenWork, openWork} from '../transform/open-work.js'
import {outputPath} from '../transform/output-path.js'
import {type Changed, proveAndWrite, type TransformResult} from '../transform/prove-and-write.js'
import {recordOfWork} from '../transform/record-of-work.js'
import type {HeldAgainst, JudgeOutput, Reference} from '../transform/work.js'
import {checkpointOf, resumable} from './checkpoint-file.js'
import type {OpenedTeacher} from './open-teacher.js'
import {trainModel} from './train-model.js'
import {chosenBy, factsOf} from './training-facts.js'
import type {TrainedModel, TrainingJob} from './training-job.js'
import {warningsOf} from './training-warnings.js'

/** One of the verbs that train. */
export interface TrainingVerb {
  readonly command: 'distill' | 'finetune' | 'prune'
  readonly suffix: string
  /** Weights that are zero stay zero. */
  readonly keepZeros: boolean
  readonly teacher: OpenedTeacher | undefined
  /** What the result is held against; the file it was made of when absent. */
  readonly reference?: Reference | undefined
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

/** Trains the model of a file, writes it beside it, and proves what came of it. What `distill` and `finetune` share. */
export async function trainFile(
  path: string,
  verb: TrainingVerb,
  options: TrainingRooms,
  effects: Effects,
): Promise<TrainingResult> {
  const {
    output: {reports},
    training: {reinitialize: reinitialized},
  } = options
  await checkReports(reports, {hasPictures: true})
  const work = await openTraining(path, verb, options, effects)
  try {
    const {trained, changed} = await trainWork(work, verb)
    const student = {path: work.file.path, sizeBytes: work.file.sizeBytes}
    const written = await writeTrained(work, {...changed, facts: {...changed.facts, student, reinitialized}})
    const result = {...written, metric: metricOf(trained, written.metric)}
    const document = trainingReport(result, commandLine(effects.commandLine ?? []))
    await writeReports(reports, {document, result})
    return result
  } finally {
    work.file.close()
  }
}

/** A file that is open to be trained, and where the state of the training goes. */
export interface TrainingWork<Options extends TrainingRooms = TrainingRooms> extends OpenWork {
  readonly options: Options
  readonly checkpoint: CheckpointSpec
}

/** As `openWork`, for verbs that train. @throws UsageError without samples to learn from; FileError for a checkpoint in the way. */
export async function openTraining<Options extends TrainingRooms>(
  path: string,
  {command, suffix, teacher}: TrainingVerb,
  options: Options,
  effects: Effects,
): Promise<TrainingWork<Options>> {
  const {data, training, output} = options
  if (data.samples === undefined) {
    throw new UsageError('expected samples to learn from, got none', {
      hint: 'Give them with --data PATH, see docs/data.md',
    })
  }
  const reads = teacher?.file.files ?? []
  const target = outputPath(path, suffix, output.path)
  const checkpoint = checkpointOf(target, {...training, force: output.force}, [path, ...reads, ...dataFiles(data)])
  const judged = teacher && {path: teacher.file.path, model: teacher.file.model, map: teacher.map}
  const work = await openWork(path, {command, suffix, needsJudge: true, reads, judged}, options, effects)
  return {...work, options, checkpoint}
}

/** Trains the model that is open, in place. An interrupted training can be gone on with. */
export async function trainWork(work: TrainingWork, verb: TrainingVerb, parts: TrainParts = {}): Promise<Trained> {
  const own = {...verb, teacher: parts.teacher ?? verb.teacher, sparsity: parts.sparsity}
  try {
    const record = await recordOfWork(work, own.teacher?.file)
    const trained = await trainOpened(work, own, record)
    const chosen = chosenBy(trained, work.options.training)
    return {trained, changed: {...changedBy(trained, own, work), record: {...record, ...chosen}}}
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error
    throw resumable(error, work.checkpoint, work.effects.commandLine)
  }
}

/** A finished training leaves no checkpoint behind that was not asked for. */
export async function writeTrained<Facts extends object>(
  work: TrainingWork,
  changed: Changed<Facts>,
): Promise<TransformResult<Facts>> {
  try {
    const result = await proveAndWrite(work, changed)
    if (work.checkpoint.onlyWhenStopped) rmSync(work.checkpoint.path, {force: true})
    return result
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error
    throw resumable(error, work.checkpoint, work.effects.commandLine)
  }
}

async function trainOpened(
  {file, model, data, options, checkpoint, effects}: TrainingWork,
  verb: TrainingVerb & TrainParts,
  record: FileRecord,
): Promise<TrainedModel> {
  const {teacher, keepZeros, sparsity} = verb
  const {learn, judge} = data
  if (!learn) throw new UsageError('expected samples to learn from, got none')
  const job: TrainingJob = {
    path: file.path,
    model,
    learn,
    judge,
    teacher,
    options,
    update: {keepZeros: keepZeros && !options.training.reinitialize, sparsity},
    checkpoint,
    identity: identityOf(record),
  }
  return trainModel(job, effects)
}

/** The checkpoint itself knows when more epochs are the same training, and by which version it was written. */
function identityOf({tool: _, options, ...record}: FileRecord): string {
  const {training, ...rooms} = options as {readonly training?: object}
  return JSON.stringify({...record, options: {...rooms, training: {...training, epochs: undefined}}})
}

function changedBy(trained: TrainedModel, verb: TrainingVerb, opened: TrainingWork): Changed<TrainingFacts> {
  const {teacher, reference} = verb
  const {
    data,
    model,
    options: {training},
  } = opened
  const {frozen, peakRssBytes} = trained
  return {
    report: {
      changed: trained.trained.map((name) => ({rule: 'train', node: name})),
      skipped: frozen.map(({name, reason}) => ({node: name, op: 'weight', reason})),
    },
    facts: factsOf(trained, teacher?.file, training),
    peakRssBytes,
    warnings: warningsOf(trained, training),
    reference: reference && teacher && besideTeacher(reference, teacher, model, data.judge),
    heldAgainst: heldAgainst(verb, opened),
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
