import {portsOf} from '../../data/model-ports.js'
import {openData} from '../../data/open-data.js'
import type {Effects} from '../../effects.js'
import {UnsupportedError, UsageError} from '../../errors.js'
import {evalBatch} from '../../facts/eval-batch.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {specsOf} from '../../ops/specs-of.js'
import type {TrainingOptions} from '../../options/training.js'
import {requantizeTrained} from '../../passes/quantize/trained/requantize-trained.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import type {EvalSpec} from '../../train/loop/train-request.js'
import type {Teacher} from '../../train/step/add-teacher.js'
import {applyWeights} from '../../train/step/step-graph.js'
import type {KeptTeacher} from '../../train/teacher/keep-teacher.js'
import {type TrainResult, train} from '../../train/trainer.js'
import type {Objective} from './choose-losses.js'
import {withTemperature} from './choose-temperature.js'
import {type MeasureModel, measureWith, teacherMetric, usesLabels} from './measure-model.js'
import {keepTeacherOutputs, teacherBeside} from './open-teacher.js'
import {type PreparedStudent, prepareStudent} from './prepare-student.js'
import {sessionSettings, trainOptions} from './train-options.js'
import type {TrainedModel, TrainingJob} from './training-job.js'
import {trainingProgress} from './training-progress.js'
import {divergedHint} from './training-warnings.js'

/** How long a training may take to put itself aside: less than the process waits for its work after Ctrl-C. */
const STOP_GRACE_MS = 4000

/**
 * Trains a model on labels, on what a teacher gives, or on both, and writes the weights into it. All that can be known to be wrong is
 * found before the first epoch: the operators, the shapes, every sample and label.
 *
 * @param job its model is modified: functions inlined, biases untied where the step has them untied, weights set.
 * @throws UsageError, DataError, UnsupportedError, UnsupportedOpError for what cannot be trained, or breaks down at once; InterruptedError, after the
 *   checkpoint was written; as `train`.
 */
export async function trainModel(job: TrainingJob, effects: Effects): Promise<TrainedModel> {
  return withTempFolder((folder) => run(job, folder, effects))
}

async function run(job: TrainingJob, folder: string, effects: Effects): Promise<TrainedModel> {
  const {model, path, options} = job
  const settings = sessionSettings(options.run)
  const prepared = await prepareStudent(job, effects)
  const {student, samples, unmatched} = prepared
  const lessons = await askTeacher(job, prepared, {settings, folder}, effects)
  const objective = withTemperature(prepared.objective, lessons.learn ?? lessons.judge, options.training.temperature)
  const judging = await judgingOf(job, prepared, {settings, teacher: lessons.judge}, effects)
  const start = await judging?.measure(path, 'evaluating the start')
  if (start?.areProbabilities) requireScores(objective)
  const taught = {teacherCache: lessons.teacher ? undefined : lessons.learn?.cache, teacher: lessons.teacher}
  const result = await train(
    student,
    {
      ...trainOptions(job, {...prepared, objective}),
      settings: {...settings, extra: job.extra},
      evaluation: judging?.evaluation,
      ...taught,
    },
    {
      signal: effects.signal,
      stopGraceMs: STOP_GRACE_MS,
      ...trainingProgress({epochs: options.training.epochs, metric: objective.metric.name}, effects),
    },
  )
  effects.signal.throwIfAborted()
  requireAnEpoch(result, options.training)
  applyWeights(model, specsOf(model), requantizeTrained(model.graph, result.weights))
  return {
    ...result,
    ...{
      objective,
      start,
      unmatched,
      history: result.epochs,
      measure: judging?.measure,
      trained: [...result.weights.keys()],
    },
    teacherCache: taught.teacherCache,
    teacherMetric: lessons.judge && teacherMetric(objective, lessons.judge),
    notes: [...new Set([...samples.notes, ...(lessons.learn?.notes ?? [])])],
    peakRssBytes: Math.max(result.peakRssBytes, lessons.learn?.peakRssBytes ?? 0),
  }
}

/** What a teacher gave for the samples, or the teacher itself where they change from epoch to epoch. */
interface Lessons {
  readonly learn?: KeptTeacher
  readonly judge?: KeptTeacher
  readonly teacher?: Teacher
}

interface Place {
  readonly settings: SessionSettings
  readonly folder: string
}

async function askTeacher(
  {teacher, learn, judge, options}: TrainingJob,
  {student, objective: {taught: values}}: PreparedStudent,
  place: Place,
  effects: Effects,
): Promise<Lessons> {
  if (!teacher) return {}
  const run = {values, batch: options.training.batch, ...place}
  if (options.training.augment.length === 0)
    return keepTeacherOutputs(teacher, {learn, ...(judge && {judge})}, run, effects)
  const kept = judge && (await keepTeacherOutputs(teacher, {judge}, run, effects))
  return {...kept, teacher: await teacherBeside(teacher, {student, values, data: learn})}
}

/** How the training judges its weights, and how files are judged before and after it. */
interface Judging {
  readonly evaluation: EvalSpec
  readonly measure: MeasureModel
}

async function judgingOf(
  {judge, model}: TrainingJob,
  {student, objective}: PreparedStudent,
  {settings, teacher}: {readonly settings: SessionSettings; readonly teacher: KeptTeacher | undefined},
  effects: Effects,
): Promise<Judging | undefined> {
  if (!judge) return undefined
  const {labels} = await openData(judge, portsOf(student))
  const {metric} = objective
  const reference = usesLabels(metric.needs, labels) ? undefined : teacher?.cache
  return {
    evaluation: {data: judge, metric: metric.name, batch: evalBatch(student), reference, teacher: teacher?.cache},
    measure: measureWith(objective, {judge, settings, batch: evalBatch(model), teacher}, effects),
  }
}

/** @throws UsageError when the training broke down before its first epoch was over: nothing was learned, so there is nothing to write. */
function requireAnEpoch({stopped, epochs, steps, learningRate}: TrainResult, options: TrainingOptions): void {
  if (stopped === undefined || epochs.length > 0) return
  const hint = divergedHint(options, learningRate?.value)
  const sentence = `${hint.charAt(0).toUpperCase()}${hint.slice(1)}`
  throw new UsageError(stopped, {
    hint: steps === 0 ? 'Look for NaN and infinity in the weights, and for samples of another scale' : sentence,
  })
}

/** @throws UnsupportedError when what looks like scores are probabilities: a softmax over them would hardly learn. */
function requireScores({kind, isRaw, output}: Objective): void {
  if (kind !== 'classes' || !isRaw) return
  throw new UnsupportedError(`output '${output}': expected class scores, got probabilities that no Softmax makes`, {
    hint: 'Export the model with its scores as the output, or choose --loss mse',
  })
}
