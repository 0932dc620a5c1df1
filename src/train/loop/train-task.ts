import {rmSync} from 'node:fs'
import type {TaskContext} from '../../runtime/child/task-context.js'
import {openParts, openTrialLoss, samplesPerStep, type TrainingParts} from '../training-parts.js'
import {BatchReader} from './batch-reader.js'
import {readCheckpoint, writeCheckpoint} from './checkpoint.js'
import {roundSeed} from './round-seed.js'
import {searchRate, type TrialListeners} from './search-rate.js'
import type {EpochReport, TrainReply, TrainRequest, TrainWork} from './train-request.js'
import {initialState, rateOf, type TrainState} from './train-state.js'

/** Losses kept one by one, to lay a curve beside another trainer's. */
const FIRST_LOSSES = 100

const INTERRUPTED = 'interrupted'

/** The training loop, in the child process. The files of a batch are read while the step before it runs. */
export async function runTraining({request, models}: TrainWork, context: TaskContext): Promise<TrainReply> {
  const state = initialState(request)
  const {checkpoint} = request
  const isResumed = checkpoint?.resume === true && readCheckpoint(checkpoint.path, request, state)
  const parts = await openParts(request, models, state)
  const isStopWanted = (): boolean => context.isStopWanted()
  const search = {isStopWanted, onUpdates: (trialUpdates: number) => context.event({trialUpdates})}
  const isChosen = await chooseLearningRate({request, models, state, parts}, search)
  const training = new Training(request, state, parts)
  if (isResumed) training.resume()
  const listeners = {
    isStopWanted,
    onStep: (done: number, total: number, loss: number) => context.progress(done, total, loss),
    onEpoch: (report: EpochReport) => context.event(report),
  }
  const stopped = isChosen ? await training.run(listeners) : INTERRUPTED
  // an older training that was put aside there is not this one's, and there is nothing yet to go on from
  if (!isChosen && checkpoint) rmSync(checkpoint.path, {force: true})
  const {bestEpoch, epochs, firstLosses, steps, learningRate: value, tried} = state.progress
  const learningRate = value === undefined ? undefined : {value, tried}
  const {notes} = parts.dataset
  const facts = {bestEpoch, epochs, learningRate, firstLosses, steps, stopped, notes}
  return {weights: state.best, ...facts}
}

interface Opened extends TrainWork {
  readonly state: TrainState
  readonly parts: TrainingParts
}

/** Where it is neither given nor known from a checkpoint. @returns false when it was stopped: there is nothing to go on from. */
async function chooseLearningRate(
  {request, models, state, parts}: Opened,
  listeners: TrialListeners,
): Promise<boolean> {
  if (state.progress.learningRate !== undefined) return true
  const heldOut = await openTrialLoss(request, models, parts)
  const choice = await searchRate({...parts, request, state, heldOut}, listeners)
  if (choice) Object.assign(state.progress, {learningRate: choice.value, tried: choice.tried})
  return choice !== undefined
}

interface Listeners {
  /** Someone waits for the training to be put aside. */
  isStopWanted(): boolean
  /** @param loss mean over the steps of the epoch so far. */
  onStep(done: number, total: number, loss: number): void
  onEpoch(report: EpochReport): void
}

class Training {
  constructor(
    private readonly request: TrainRequest,
    private readonly state: TrainState,
    private readonly parts: TrainingParts,
  ) {}

  /** After a checkpoint was read into the state. */
  resume(): void {
    this.parts.schedule?.resume(this.state)
  }

  /** @returns why it ended before its last epoch. */
  async run(listeners: Listeners): Promise<string | undefined> {
    const {progress} = this.state
    // a model that is still to lose weights is no result
    const isResult = this.request.startCounts && !this.parts.schedule
    if (progress.steps === 0 && isResult) await this.parts.best.offerStart()
    while (progress.epoch < this.request.epochs && !this.#isPatienceOver) {
      const startMs = performance.now()
      const first = progress.stepInEpoch
      const stopped = (await this.#epoch(listeners)) ?? this.#brokenWeights()
      if (stopped !== undefined) return stopped
      const samples = (this.parts.stepsPerEpoch - first) * samplesPerStep(this.request)
      await this.#endEpoch(samples / ((performance.now() - startMs) / 1000), listeners)
    }
    return undefined
  }

  get #isPatienceOver(): boolean {
    const {epoch, bestEpoch} = this.state.progress
    return this.parts.judge !== undefined && epoch - bestEpoch >= (this.request.patience ?? Number.POSITIVE_INFINITY)
  }

  async #epoch(listeners: Listeners): Promise<string | undefined> {
    const {request, state} = this
    const {progress} = state
    const skip = progress.stepInEpoch * samplesPerStep(request)
    const round = {seed: roundSeed(request.seed, progress.epoch), skip, augment: request.augment}
    const dataset = this.parts.dataset.round(round)
    const reader = new BatchReader(request, dataset, this.parts.teacher)
    try {
      while (progress.stepInEpoch < this.parts.stepsPerEpoch) {
        const stopped = this.#count(await this.parts.runner.advance(reader, this.#updatesUntilPause()))
        if (stopped !== undefined) return stopped
        listeners.onStep(progress.steps, this.state.totalSteps, progress.lossSum / progress.stepInEpoch)
        const {checkpoint} = request
        const isDue = checkpoint?.everySteps !== undefined && progress.steps % checkpoint.everySteps === 0
        if (isDue) writeCheckpoint(checkpoint.path, request, state)
        if (listeners.isStopWanted()) return this.#putAside()
      }
    } finally {
      await reader.close()
    }
    return undefined
  }

  #putAside(): string {
    const {checkpoint} = this.request
    if (checkpoint) writeCheckpoint(checkpoint.path, this.request, this.state)
    return INTERRUPTED
  }

  /** Until the epoch ends, or a checkpoint is due. */
  #updatesUntilPause(): number {
    const {steps, stepInEpoch} = this.state.progress
    const left = this.parts.stepsPerEpoch - stepInEpoch
    const {everySteps} = this.request.checkpoint ?? {}
    return everySteps === undefined ? left : Math.min(left, everySteps - (steps % everySteps))
  }

  /** @returns why the training ends. */
  #count(losses: readonly number[]): string | undefined {
    const {progress} = this.state
    for (const loss of losses) {
      if (!Number.isFinite(loss)) return this.#divergence(`the loss became ${loss}`)
      progress.lossSum += loss
      progress.stepInEpoch++
      if (progress.firstLosses.length < FIRST_LOSSES) progress.firstLosses.push(loss)
    }
    this.parts.schedule?.follow(this.state)
    return undefined
  }

  /** Of the last update. */
  get #learningRate(): number {
    const {steps} = this.state.progress
    return steps === 0 ? 0 : rateOf(this.state, this.request.update, steps)
  }

  async #endEpoch(samplesPerSecond: number, listeners: Listeners): Promise<void> {
    const {progress} = this.state
    const loss = progress.lossSum / this.parts.stepsPerEpoch
    progress.epoch++
    progress.stepInEpoch = 0
    progress.lossSum = 0
    const verdict = await this.parts.best.offer(!this.#isPruning)
    const report = {epoch: progress.epoch, loss, ...verdict, learningRate: this.#learningRate, samplesPerSecond}
    progress.epochs.push(report)
    const {checkpoint} = this.request
    if (checkpoint && !checkpoint.onlyWhenStopped) writeCheckpoint(checkpoint.path, this.request, this.state)
    listeners.onEpoch(report)
  }

  /** With weights that are still to go a model is better, and no result. */
  get #isPruning(): boolean {
    return this.parts.schedule?.isOver(this.state.progress.steps) === false
  }

  /** A gradient can overflow at the last step of an epoch, where no further loss shows it. */
  #brokenWeights(): string | undefined {
    const isSound = this.state.weights.every((array) => array.every(Number.isFinite))
    return isSound ? undefined : this.#divergence('a weight became infinite or NaN')
  }

  #divergence(what: string): string {
    const {steps, epoch, bestEpoch} = this.state.progress
    if (steps === 0)
      return `${what} at the first step, before any update: the samples, the model or its teacher give such numbers`
    const kept = bestEpoch === 0 ? 'the weights from before the training' : `the weights of epoch ${bestEpoch}`
    const rate = Number(this.#learningRate.toPrecision(4))
    const where = `step ${steps + 1} (epoch ${epoch + 1}), after a learning rate of ${rate}`
    return `${what} at ${where}: training stopped and ${kept} are kept`
  }
}
