import {existsSync, rmSync} from 'node:fs'
import {basename} from 'node:path'
import {FileError, InterruptedError, UsageError} from '../errors.js'
import type {MetricPair, TrainingResult, Warning} from '../results.js'
import type {LossSpec} from '../train/step-loss.js'
import type {CheckpointSpec} from '../train/train-request.js'
import {typedCommand} from './command-line.js'
import type {JudgedPair} from './judge-pair.js'
import type {OpenedTeacher} from './open-teacher.js'
import type {Effects} from './options.js'
import {outputPath} from './output-path.js'
import {type TrainedModel, type TrainingJob, trainModel} from './train-model.js'
import type {TrainingOptions} from './training-options.js'
import {trainingRecord, withRecord} from './training-record.js'
import {type Changed, type Opened, type TransformOptions, transform} from './transform.js'
import type {JudgeOutput, Reference} from './write-and-prove.js'

export interface TrainFileOptions extends TrainingOptions, TransformOptions {
  readonly batch?: number | undefined
  /** The arguments of the command, to say how to go on after an interruption. */
  readonly argv: readonly string[]
}

/** One of the verbs that train. */
export interface TrainingVerb {
  readonly command: 'distill' | 'finetune'
  readonly suffix: string
  /** Weights that are zero stay zero. */
  readonly keepZeros: boolean
  readonly teacher: OpenedTeacher | undefined
  /** What the result is held against; the file it was made of when absent. */
  readonly reference?: Reference | undefined
}

type TrainingFacts = Pick<
  TrainingResult,
  'student' | 'teacher' | 'history' | 'bestEpoch' | 'steps' | 'losses' | 'stopped'
>

/** Trains the model of a file, writes it beside it, and proves what came of it. What `distill` and `finetune` share. */
export async function trainFile(
  path: string,
  verb: TrainingVerb,
  options: TrainFileOptions,
  effects: Effects,
): Promise<TrainingResult> {
  if (options.data === undefined) {
    throw new UsageError('expected samples to learn from, got none', {
      hint: 'Give them with --data PATH, see docs/data.md',
    })
  }
  const checkpoint = checkpointOf(outputPath(path, verb.suffix, options.output), options)
  let trained: TrainedModel | undefined
  const change = async (opened: Opened): Promise<Changed<TrainingFacts>> => {
    trained = await trainOpened(opened, verb, {...options, checkpointSpec: checkpoint}, effects)
    return changedBy(trained, opened, verb, options)
  }
  const {command, suffix, teacher} = verb
  const transformation = {command, suffix, needsJudge: true, reads: teacher?.file.files ?? [], change}
  try {
    const result = await transform(path, transformation, options, effects)
    if (checkpoint.onlyWhenStopped) rmSync(checkpoint.path, {force: true})
    return {...result, metric: metricOf(trained, result.metric)}
  } catch (error) {
    throw error instanceof InterruptedError ? resumable(error, checkpoint, options) : error
  }
}

/** @throws FileError rather than write over a training that may be worth hours. */
function checkpointOf(target: string, {checkpoint, resume}: TrainFileOptions): CheckpointSpec {
  const path = checkpoint ?? `${target}.checkpoint`
  if (!resume && existsSync(path)) {
    throw new FileError(`${path}: a training was put aside here`, {
      hint: 'Go on with --resume, or remove the file to start anew',
    })
  }
  return {path, resume, onlyWhenStopped: checkpoint === undefined}
}

async function trainOpened(
  {file, model, data}: Opened,
  verb: TrainingVerb,
  options: TrainFileOptions & {readonly checkpointSpec: CheckpointSpec},
  effects: Effects,
): Promise<TrainedModel> {
  const {teacher, command, keepZeros} = verb
  const {learn, judge} = data
  if (!learn) throw new UsageError('expected samples to learn from, got none')
  const record = await trainingRecord({command, start: file, teacher: teacher?.file, learn, judge, options})
  const job: TrainingJob = {
    path: file.path,
    model,
    learn,
    judge,
    teacher,
    options,
    update: {keepZeros: keepZeros && !options.reinitialize},
    checkpoint: options.checkpointSpec,
    identity: JSON.stringify(record),
  }
  const trained = await trainModel(job, effects)
  model.metadata = withRecord(model.metadata, record)
  return trained
}

function changedBy(
  trained: TrainedModel,
  {file}: Opened,
  {teacher, reference}: TrainingVerb,
  {checkpoint, resume}: TrainFileOptions,
): Changed<TrainingFacts> {
  const {history, bestEpoch, steps, stopped, frozen, peakRssBytes, objective} = trained
  return {
    report: {
      changed: trained.trained.map((name) => ({rule: 'train', node: name})),
      skipped: frozen.map(({name, reason}) => ({node: name, op: 'weight', reason})),
    },
    facts: {
      student: {path: file.path, sizeBytes: file.sizeBytes},
      teacher: teacher ? {path: teacher.file.path, sizeBytes: teacher.file.sizeBytes} : null,
      history: history.map(({epoch, loss, metric, learningRate, samplesPerSecond}) => {
        return {epoch, trainLoss: loss, metric: metric ?? null, learningRate, samplesPerSecond}
      }),
      bestEpoch,
      steps,
      losses: objective.losses.filter(({weight}) => weight !== 0).map(lossText),
      stopped: stopped ?? null,
    },
    peakRssBytes,
    warnings: warningsOf(trained, resume ? checkpoint : undefined),
    reference,
    judgeOutput: judgeWith(trained, reference !== undefined),
  }
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

function warningsOf({stopped, notes, bestEpoch}: TrainedModel, _resumed: string | undefined): Warning[] {
  const warnings: Warning[] = notes.map((message) => ({code: 'DATA', message}))
  if (stopped !== undefined) warnings.push({code: 'DIVERGED', message: stopped})
  else if (bestEpoch === 0) {
    const message = 'no epoch was better than the start: its weights are kept'
    warnings.push({code: 'NO_GAIN', message, hint: 'try a smaller --lr, or more samples'})
  }
  return warnings
}

/** `0.9 x distillation of 'logits', temperature 4` */
export function lossText(loss: LossSpec): string {
  const weight = loss.weight === undefined || loss.weight === 1 ? '' : `${Number(loss.weight.toPrecision(4))} x `
  const against =
    loss.kind === 'feature' ? `'${loss.teacher}' ` : 'against' in loss && loss.against === 'teacher' ? 'teacher ' : ''
  const temperature = 'temperature' in loss ? `, temperature ${loss.temperature}` : ''
  return `${weight}${against}${loss.kind} of '${loss.output ?? ''}'${temperature}`
}

function resumable(error: InterruptedError, {path}: CheckpointSpec, {argv}: TrainFileOptions): InterruptedError {
  if (!existsSync(path)) return error
  const again = argv.includes('--resume') ? argv : [...argv, '--resume']
  const saved = {what: `the training is kept in ${basename(path)}`, hint: `Go on with: ${typedCommand(again)}`}
  return new InterruptedError(error.exitCode === 143 ? 'SIGTERM' : 'SIGINT', saved)
}
