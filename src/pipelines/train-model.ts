import {basename} from 'node:path'
import type {DataSpec} from '../data/dataset.js'
import {openData} from '../data/open-data.js'
import {UnsupportedError} from '../errors.js'
import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import {opsetOf} from '../ops/infer-graph.js'
import {lookup} from '../ops/registry.js'
import {requantizeTrained} from '../passes/quantize/requantize-trained.js'
import {inlineFunctions} from '../passes/simplify/inline-functions.js'
import type {SessionSettings} from '../runtime/session-settings.js'
import {withTempFolder} from '../runtime/temp-folder.js'
import type {KeptTeacher} from '../train/keep-teacher.js'
import type {FrozenConstant} from '../train/parameters.js'
import {reinitialize} from '../train/reinitialize.js'
import {applyWeights} from '../train/step-graph.js'
import type {CheckpointSpec, EpochReport, EvalSpec, UpdateSpec} from '../train/train-request.js'
import {type TrainOptions, train} from '../train/trainer.js'
import {chooseLosses, type Objective} from './choose-losses.js'
import {evalBatch} from './eval-batch.js'
import {type FeaturePair, featurePair} from './feature-pairs.js'
import {type Measured, type MeasureModel, measureWith, teacherMetric, usesLabels} from './measure-model.js'
import {keepTeacherOutputs, type OpenedTeacher, teacherBeside} from './open-teacher.js'
import type {Effects} from './options.js'
import {portsOf} from './ports-of.js'
import {checkLabels, readSamples, type TrainingSamples} from './read-samples.js'
import {simplifyModel} from './simplify-model.js'
import {trainingCopy} from './training-copy.js'
import {TRAINING_BATCH, type TrainingOptions} from './training-options.js'
import {trainingProgress} from './training-progress.js'

/** A training as the verbs ask for it. */
export interface TrainingJob {
  /** Of the model, for messages. */
  readonly path: string
  /** The trained weights are written into it; nothing else of it changes. */
  readonly model: Model
  readonly learn: DataSpec
  /** Held-out samples: they choose the best epoch. */
  readonly judge: DataSpec | undefined
  readonly teacher: OpenedTeacher | undefined
  readonly options: TrainingOptions
  /** What else holds for the update of the weights: zeros that stay, more zeros. */
  readonly update?: Pick<UpdateSpec, 'keepZeros' | 'sparsity' | 'clipNorm'> | undefined
  /** Options of the runtime for the training alone. */
  readonly extra?: SessionSettings['extra'] | undefined
  readonly checkpoint?: CheckpointSpec | undefined
  /** Digests of files that paths only name: a checkpoint belongs to their contents. */
  readonly identity?: string | undefined
}

/** What came of a training. */
export interface TrainedModel {
  readonly history: readonly EpochReport[]
  /** 0: no epoch was better than what was there. */
  readonly bestEpoch: number
  readonly steps: number
  readonly objective: Objective
  /** The teacher's metric on the held-out samples; undefined without a teacher. */
  readonly teacherMetric: number | undefined
  /** Of the file the job names, before the training; undefined without held-out samples. */
  readonly start: Measured | undefined
  /** What a model file's metric is on the held-out samples; undefined without such. */
  readonly measure: MeasureModel | undefined
  /** Why it ended before its last epoch. */
  readonly stopped: string | undefined
  readonly frozen: readonly FrozenConstant[]
  /** Names of what was trained. */
  readonly trained: readonly string[]
  readonly notes: readonly string[]
  readonly peakRssBytes: number
}

/** Optimizers take numbers of their own: PyTorch's, and the momentum that everybody sets. */
const OPTIMIZERS = {sgd: {kind: 'sgd', momentum: 0.9}, adam: {kind: 'adam'}, adamw: {kind: 'adamw'}} as const

/** How long a training may take to put itself aside: less than the process waits for its work after Ctrl-C. */
const STOP_GRACE_MS = 4000

/**
 * Trains a model on labels, on what a teacher gives, or on both, and writes the weights into it. All that can be known to be wrong is
 * found before the first epoch: the operators, the shapes, every sample and label.
 *
 * @param job its model is modified: functions inlined, biases untied where the step has them untied, weights set.
 * @throws UsageError, DataError, UnsupportedError, UnsupportedOpError for what cannot be trained; InterruptedError, after the
 *   checkpoint was written; as `train`.
 */
export async function trainModel(job: TrainingJob, effects: Effects): Promise<TrainedModel> {
  return withTempFolder((folder) => run(job, folder, effects))
}

async function run(job: TrainingJob, folder: string, effects: Effects): Promise<TrainedModel> {
  const {model, path, learn, judge, teacher, options} = job
  await inlineAll(model, path)
  const features = featuresOf(job)
  const student = await trainingCopy(
    model,
    path,
    features.map((pair) => pair.student),
  )
  const samples = await readSamples(learn, portsOf(student), options.batch ?? TRAINING_BATCH, effects)
  const objective = objectiveOf(job, student, samples, features)
  checkLabels(samples, objective)
  const isFrozen = (name: string): boolean => options.freeze.some((pattern) => pattern.test(name))
  if (options.reinitialize) reinitialize(student.graph, {specOf: specsOf(student), isFrozen, seed: options.seed})
  const settings = {provider: options.provider, threads: options.threads, dims: options.dims}
  const kept = teacher && (await askTeacher({...job, teacher}, objective, {settings, folder}, effects))
  // what was kept is not what the teacher would say of changed images
  const beside = teacher && options.augment.length > 0 ? await teacherBeside(teacher, student, learn) : undefined
  const evaluation = judge && (await evaluationOf(judge, student, objective, kept?.judge))
  const measuring = judge && {judge, settings, batch: evalBatch(model), teacher: kept?.judge}
  const measure = measuring && measureWith(objective, measuring, effects)
  const start = await measure?.(path, 'evaluating the start')
  if (start?.areProbabilities) requireScores(objective)
  const result = await train(
    student,
    {
      ...trainOptions(job, objective, samples),
      settings: {...settings, extra: job.extra},
      isFrozen,
      evaluation,
      teacherCache: beside ? undefined : kept?.learn?.cache,
      teacher: beside,
    },
    {
      signal: effects.signal,
      stopGraceMs: STOP_GRACE_MS,
      ...trainingProgress({...options, metric: evaluation?.metric}, effects),
    },
  )
  effects.signal.throwIfAborted()
  applyWeights(model, specsOf(model), requantizeTrained(model.graph, result.weights))
  return {
    ...result,
    history: result.epochs,
    objective,
    teacherMetric: kept?.judge && teacherMetric(objective, kept.judge),
    start,
    measure,
    trained: [...result.weights.keys()],
    notes: [...samples.notes, ...(kept?.learn?.notes ?? [])],
    peakRssBytes: Math.max(result.peakRssBytes, kept?.learn?.peakRssBytes ?? 0),
  }
}

/** A function's weights stand once for all its calls, so calls become nodes before anything is trained. */
async function inlineAll(model: Model, path: string): Promise<void> {
  if (model.functions.length === 0) return
  await simplifyModel(model, path, {rules: [inlineFunctions], inputShapes: {}, dims: {}, limitBytes: 0})
}

function featuresOf({teacher, model, options}: TrainingJob): FeaturePair[] {
  return teacher ? options.features.map((text) => featurePair(text, teacher.file.model.graph, model.graph)) : []
}

function objectiveOf(
  {teacher, options}: TrainingJob,
  student: Model,
  {labels}: TrainingSamples,
  features: readonly FeaturePair[],
): Objective {
  return chooseLosses({student, teacher: teacher?.file.model, labels}, {...options, features})
}

/** @throws UnsupportedError when what looks like scores are probabilities: a softmax over them would hardly learn. */
function requireScores({kind, isRaw, output}: Objective): void {
  if (kind !== 'classes' || !isRaw) return
  throw new UnsupportedError(`output '${output}': expected class scores, got probabilities that no Softmax makes`, {
    hint: 'Export the model with its scores as the output, or choose --loss mse',
  })
}

function specsOf(model: Model) {
  return (node: Node) => lookup(node, opsetOf(node, model))
}

function askTeacher(
  {teacher, learn, judge, options}: TrainingJob & {readonly teacher: OpenedTeacher},
  {taught}: Objective,
  place: {readonly settings: SessionSettings; readonly folder: string},
  effects: Effects,
): Promise<{learn?: KeptTeacher; judge?: KeptTeacher}> {
  const run = {values: taught, batch: options.batch ?? TRAINING_BATCH, ...place}
  const sets = {...(options.augment.length === 0 && {learn}), ...(judge && {judge})}
  return keepTeacherOutputs(teacher, sets, run, effects)
}

async function evaluationOf(
  judge: DataSpec,
  student: Model,
  {metric}: Objective,
  teacher: KeptTeacher | undefined,
): Promise<EvalSpec> {
  const {labels} = await openData(judge, portsOf(student))
  const reference = usesLabels(metric.needs, labels) ? undefined : teacher?.cache
  return {data: judge, metric: metric.name, batch: evalBatch(student), reference}
}

function trainOptions(
  {path, learn, options, update, checkpoint, identity}: TrainingJob,
  {losses, output}: Objective,
  {batch, accumulate, inputShapes}: TrainingSamples,
): Omit<TrainOptions, 'settings'> {
  const {epochs, seed, patience, optimizer, schedule, learningRate, augment, reinitialize: isNew} = options
  return {
    name: basename(path),
    data: learn,
    losses,
    output,
    batch,
    inputShapes,
    epochs,
    seed,
    patience,
    update: {optimizer: OPTIMIZERS[optimizer], schedule: {kind: schedule, learningRate}, accumulate, ...update},
    augment: augment.length > 0 ? augment : undefined,
    startCounts: !isNew,
    batchStatistics: (options.batchNorm ?? (isNew ? 'batch' : 'running')) === 'batch',
    checkpoint,
    identity,
  }
}
