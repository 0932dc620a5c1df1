import type {InputPort} from '../data/dataset.js'
import type {Model} from '../ir/model.js'
import {ask} from '../runtime/child/ask.js'
import type {RunControl} from '../runtime/child/run-control.js'
import {task} from '../runtime/child/task.js'
import {planInputs} from '../runtime/inputs/plan-inputs.js'
import {encodeModels} from '../runtime/session/encode-models.js'
import {checkOptions} from './check-options.js'
import {stepLayouts} from './layout/step-layouts.js'
import {isPruned} from './loop/is-pruned.js'
import {loopGraph} from './loop/loop-graph.js'
import {updatesPerRun} from './loop/loop-rule.js'
import type {EpochReport, LossPorts, TrainEvent, TrainReply, TrainRequest} from './loop/train-request.js'
import {buildLoss, type LossGraph} from './step/loss-graph.js'
import type {FrozenConstant} from './step/parameters.js'
import {buildForward, buildStep, type StepGraph} from './step/step-graph.js'
import type {StepOptions} from './step/step-options.js'
import type {TrainOptions} from './train-options.js'

/** Quantizers stay nodes of their own: fused into integer kernels, what gradients need of them would not be computed. */
const APART = {'session.disable_quant_qdq': '1'}
const TRAIN = task<typeof import('./loop/train-task.js').runTraining>('train/loop/train-task', 'runTraining')

export interface TrainControl extends RunControl {
  /** @param loss mean over the epoch so far. */
  readonly onStep?: ((done: number, total: number, loss: number) => void) | undefined
  readonly onEpoch?: ((report: EpochReport) => void) | undefined
  /** While a learning rate is chosen. @param updates of all trials so far. */
  readonly onTrial?: ((updates: number) => void) | undefined
}

export interface TrainResult extends Omit<TrainReply, 'weights'> {
  /** By the names of the constants; see `applyWeights`. */
  readonly weights: ReadonlyMap<string, Float32Array>
  readonly frozen: readonly FrozenConstant[]
  readonly peakRssBytes: number
}

/**
 * Builds the step of a training and throws it away: before a teacher is asked for hours, not after.
 *
 * @param options without what compares hidden values, whose sizes only the teacher knows.
 * @throws as `train` for a model or options it cannot train.
 */
export function checkTraining(model: Model, options: TrainOptions & Pick<StepOptions, 'inputShapes'>): void {
  checkOptions(options)
  const losses = options.losses.filter(({kind}) => kind !== 'feature')
  buildStep(model, {...options, losses})
}

/**
 * Trains a model in a child process: every step is one run of an ONNX graph, the update a loop over the weights.
 * The same model, data and options give the same weights, also when the training was interrupted and resumed in between.
 * A batch that the data does not fill is left out; the next epoch has another order.
 *
 * A loss that is no number any more ends the training early: the result says so in `stopped` and has the best weights so far.
 *
 * @param model at opset 16 or later, functions inlined; not modified.
 * @throws UnsupportedError and UnsupportedOpError for a model that cannot be trained, DataError, FileError, UsageError,
 *   MachineError, InterruptedError.
 */
export async function train(model: Model, options: TrainOptions, control: TrainControl = {}): Promise<TrainResult> {
  checkOptions(options)
  const {name, settings, batch, output, inputShapes: given = {}} = options
  const plan = planInputs(model, {batch, inputShapes: given, dims: settings.dims ?? {}})
  const inputShapes = Object.fromEntries(plan.map((input) => [input.name, input.shape]))
  const {teacherCache: cache, losses, identity} = options
  const teacherShapes = cache && new Map(cache.values.map(({name, shape}) => [name, shape]))
  const step = buildStep(model, {...options, inputShapes, teacherShapes})
  const forward = buildForward(model, step, output)
  const judged = lossModels(model, step, {...options, inputShapes, teacherShapes})
  const layouts = stepLayouts(step.model, settings)
  const update = {...options.update, keepZeros: options.update.keepZeros && isPruned(step)}
  const ports: InputPort[] = [...plan, ...(cache ? [] : step.teachers)]
  const request: TrainRequest = {
    name,
    settings: {optimization: 'extended', ...settings, extra: {...settings.extra, ...APART}},
    data: options.data,
    inputs: ports.map((port) => ({name: port.name, dtype: port.dtype, shape: port.shape})),
    labels: step.labels,
    teacher: cache && {cache, ports: step.teachers},
    recipe: JSON.stringify({losses, identity}),
    batch,
    // a step in blocks of channels is long, and is written for a run of its own
    updatesPerRun: 'blocked' in layouts ? 1 : updatesPerRun(step, update, options.updatesPerRun),
    epochs: options.epochs,
    seed: options.seed,
    patience: options.patience,
    startCounts: options.startCounts ?? false,
    update,
    augment: options.augment,
    evaluation: options.evaluation,
    checkpoint: options.checkpoint,
    loss: step.loss,
    ...judged.ports,
    output: forward.output,
    parameters: step.parameters,
    statistics: step.statistics,
    initial: step.initial,
  }
  const steps = request.updatesPerRun > 1 ? {loop: loopGraph(step, update.optimizer)} : layouts
  const models = encodeModels({...steps, ...judged.models, forward: forward.model})
  const {output: reply, peakRssBytes} = await ask(TRAIN, {request, models}, `training ${name}`, {
    ...control,
    onProgress: (done, total, loss = Number.NaN) => control.onStep?.(done, total, loss),
    onEvent: (event) => listen(event as TrainEvent, control),
  })
  const weights = [...step.parameters, ...step.statistics].map((port, index): [string, Float32Array] => {
    return [port.name, reply.weights[index] as Float32Array]
  })
  const auxiliary = new Set(step.parameters.filter((port) => port.auxiliary).map(({name}) => name))
  const kept = new Map(weights.filter(([name]) => !auxiliary.has(name)))
  return {...reply, weights: kept, frozen: step.frozen, peakRssBytes}
}

/** The loss for samples that no update sees: to break ties on held-out samples, and to choose a learning rate. */
function lossModels(model: Model, step: StepGraph, options: TrainOptions & StepOptions) {
  const isAuto = options.update.schedule.learningRate === 'auto'
  const trial = isAuto ? buildLoss(model, step, options) : undefined
  const heldOut = options.evaluation && buildLoss(model, step, {...options, batchStatistics: false})
  return {
    models: {...(trial && {trial: trial.model}), ...(heldOut && {heldOut: heldOut.model})},
    ports: {trial: trial && portsOf(trial), heldOut: heldOut && portsOf(heldOut)},
  }
}

function portsOf({loss, labels, teachers}: LossGraph): LossPorts {
  return {loss, labels, teachers}
}

function listen(event: TrainEvent, {onEpoch, onTrial}: TrainControl): void {
  if ('trialUpdates' in event) onTrial?.(event.trialUpdates)
  else onEpoch?.(event)
}
