import type {Dataset} from '../data/dataset.js'
import {openData} from '../data/open-data.js'
import {DataError} from '../errors.js'
import type {EncodedModels} from '../runtime/session/encode-models.js'
import {BestWeights} from './loop/best-weights.js'
import {HeldOutLoss} from './loop/held-out-loss.js'
import {type Judge, openJudge} from './loop/judge-weights.js'
import {KEPT_BYTES} from './loop/kept-bytes.js'
import {LoopSteps} from './loop/loop-steps.js'
import {MaskSchedule} from './loop/mask-schedule.js'
import {PlainSteps} from './loop/plain-steps.js'
import {portArrays} from './loop/port-arrays.js'
import {roundSeed} from './loop/round-seed.js'
import {JUDGED_BATCHES} from './loop/search-rate.js'
import type {StepRunner} from './loop/step-runner.js'
import type {LossPorts, TrainRequest} from './loop/train-request.js'
import type {TrainState} from './loop/train-state.js'
import {TeacherRows} from './teacher/teacher-rows.js'

/** What a training works with, beside its state. */
export interface TrainingParts {
  readonly runner: StepRunner
  readonly judge: Judge | undefined
  readonly best: BestWeights
  readonly schedule: MaskSchedule | undefined
  readonly teacher: TeacherRows | undefined
  readonly stepsPerEpoch: number
  /** Before a round shuffles it. */
  readonly dataset: Dataset
}

/**
 * Opens models and data. The state learns how many updates there will be.
 *
 * @throws DataError for fewer samples than one update takes, and as opening does.
 */
export async function openParts(
  request: TrainRequest,
  models: EncodedModels,
  state: TrainState,
): Promise<TrainingParts> {
  const {evaluation, epochs} = request
  const dataset = await openData(request.data, request.inputs, {keepBytes: KEPT_BYTES})
  const stepsPerEpoch = Math.floor(dataset.sampleCount / samplesPerStep(request))
  if (stepsPerEpoch === 0) throw tooFewSamples(dataset, request)
  state.totalSteps = stepsPerEpoch * epochs
  const Steps = request.updatesPerRun > 1 ? LoopSteps : PlainSteps
  const runner = await Steps.open(request, models, state)
  const judged = portArrays([...request.parameters, ...request.statistics], 'name', state.weights)
  const judge = evaluation && (await openJudge(models.forward as Uint8Array, {...request, evaluation}, judged))
  const teacher = request.teacher && new TeacherRows(request.teacher.cache, request.teacher.ports)
  const {sparsity} = request.update
  const schedule = sparsity && new MaskSchedule(request, sparsity, state.totalSteps)
  let loss: Promise<HeldOutLoss | undefined> | undefined
  const best = new BestWeights(state, judge, () => {
    loss ??= openHeldOut(request, models)
    return loss
  })
  return {runner, judge, best, schedule, teacher, stepsPerEpoch, dataset}
}

/** Samples of one update. */
export function samplesPerStep({batch, update}: Pick<TrainRequest, 'batch' | 'update'>): number {
  return batch * (update.accumulate ?? 1)
}

/** The loss on all held-out samples, normalized as the written model does; undefined where they lack what it compares with. */
async function openHeldOut(request: TrainRequest, models: EncodedModels): Promise<HeldOutLoss | undefined> {
  const samples = request.heldOut && (await judgedSamples(request, request.heldOut))
  return request.heldOut && samples && HeldOutLoss.open(models.heldOut as Uint8Array, request, request.heldOut, samples)
}

/**
 * The loss that learning rates are compared by: on a few of the held-out samples, or on the last of the first epoch where those lack
 * labels. The model may know samples of the training by heart from an earlier one, and would seem best as it is.
 */
export async function openTrialLoss(
  request: TrainRequest,
  models: EncodedModels,
  {dataset, teacher, stepsPerEpoch}: TrainingParts,
): Promise<HeldOutLoss> {
  const ports = request.trial
  if (!ports) throw new TypeError('the learning rate is given')
  const judged = await judgedSamples(request, ports)
  const limit = JUDGED_BATCHES
  const order = {seed: roundSeed(request.seed, 0), skip: 0}
  const last = Math.max(0, stepsPerEpoch * samplesPerStep(request) - limit * request.batch)
  const samples = judged
    ? {...judged, dataset: judged.dataset.round(order), limit}
    : {dataset: dataset.round({...order, skip: last}), teacher, path: request.data.path, limit}
  return HeldOutLoss.open(models.trial as Uint8Array, request, ports, samples)
}

async function judgedSamples(request: TrainRequest, ports: LossPorts) {
  const {evaluation, inputs} = request
  if (!evaluation || (ports.teachers.length > 0 && !evaluation.teacher)) return undefined
  const dataset = await openData(evaluation.data, inputs, {keepBytes: KEPT_BYTES})
  if (ports.labels && !dataset.labels) return undefined
  const teacher = evaluation.teacher && new TeacherRows(evaluation.teacher, ports.teachers)
  return {dataset, teacher, path: evaluation.data.path}
}

function tooFewSamples({sampleCount}: Dataset, request: TrainRequest): DataError {
  const message = `${request.data.path}: expected at least ${samplesPerStep(request)} samples, one batch, got ${sampleCount}`
  return new DataError(message, {hint: 'Choose a smaller --batch'})
}
