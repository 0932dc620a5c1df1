import type {Dataset} from '../data/dataset.js'
import {openData} from '../data/open-data.js'
import {DataError} from '../errors.js'
import type {ModuleTask} from '../runtime/tasks/module.js'
import {peakRssBytes} from '../runtime/tasks/peak-memory.js'
import {BatchReader} from './batch-reader.js'
import {readCheckpoint, writeCheckpoint} from './checkpoint.js'
import {type Judge, openJudge} from './judge-weights.js'
import {KEPT_BYTES} from './kept-bytes.js'
import {LoopSteps} from './loop-steps.js'
import {MaskSchedule} from './mask-schedule.js'
import {PlainSteps} from './plain-steps.js'
import {portArrays} from './port-arrays.js'
import {learningRateAt} from './schedule.js'
import type {StepRunner} from './step-runner.js'
import {TeacherRows} from './teacher-rows.js'
import type {EpochReport, TrainReply, TrainRequest} from './train-request.js'
import {initialState, keepAsBest, type TrainState} from './train-state.js'

/** Losses kept one by one, to lay a curve beside another trainer's. */
const FIRST_LOSSES = 100

const INTERRUPTED = 'interrupted'

/** The training loop, in the child process. The files of a batch are read while the step before it runs. */
export const run: ModuleTask<TrainRequest, TrainReply> = async (request, models, context) => {
  const state = initialState(request)
  const {checkpoint} = request
  const isResumed = checkpoint?.resume === true && readCheckpoint(checkpoint.path, request, state)
  const training = await Training.open(request, models, state)
  if (isResumed) training.resume()
  const stopped = await training.run({
    isStopWanted: () => context.isStopWanted(),
    onStep: (done, total, loss) => context.progress(done, total, loss),
    onEpoch: (report) => context.event(report),
  })
  const {bestEpoch, epochs, firstLosses, steps} = state.progress
  const notes = training.notes
  return {weights: state.best, bestEpoch, epochs, firstLosses, steps, stopped, notes, peakRssBytes: peakRssBytes()}
}

interface Listeners {
  /** Someone waits for the training to be put aside. */
  isStopWanted(): boolean
  /** @param loss mean over the steps of the epoch so far. */
  onStep(done: number, total: number, loss: number): void
  onEpoch(report: EpochReport): void
}

/** What a training works with, beside its state. */
interface Parts {
  readonly runner: StepRunner
  readonly judge: Judge | undefined
  readonly schedule: MaskSchedule | undefined
  readonly teacher: TeacherRows | undefined
  readonly stepsPerEpoch: number
  /** Before a round shuffles it. */
  readonly dataset: Dataset
}

class Training {
  private constructor(
    private readonly request: TrainRequest,
    private readonly state: TrainState,
    private readonly parts: Parts,
  ) {}

  static async open(
    request: TrainRequest,
    models: Readonly<Record<string, Uint8Array>>,
    state: TrainState,
  ): Promise<Training> {
    const {evaluation} = request
    const dataset = await openData(request.data, request.inputs, {keepBytes: KEPT_BYTES})
    const stepsPerEpoch = Math.floor(dataset.sampleCount / samplesPerStep(request))
    if (stepsPerEpoch === 0) throw tooFewSamples(dataset, request)
    const totalSteps = stepsPerEpoch * request.epochs
    const runner = await (request.updatesPerRun > 1
      ? LoopSteps.open(request, models, state, totalSteps)
      : PlainSteps.open(request, models, state, totalSteps))
    const judged = portArrays([...request.parameters, ...request.statistics], 'name', state.weights)
    const judge = evaluation && (await openJudge(models.forward as Uint8Array, {...request, evaluation}, judged))
    const teacher = request.teacher && new TeacherRows(request.teacher.cache, request.teacher.ports)
    const {sparsity} = request.update
    const schedule = sparsity && new MaskSchedule(request, sparsity, totalSteps)
    const parts = {runner, judge, schedule, teacher, stepsPerEpoch, dataset}
    return new Training(request, state, parts)
  }

  /** After a checkpoint was read into the state. */
  resume(): void {
    this.parts.schedule?.resume(this.state)
  }

  get notes(): readonly string[] {
    return this.parts.dataset.notes
  }

  get #totalSteps(): number {
    return this.parts.stepsPerEpoch * this.request.epochs
  }

  /** @returns why it ended before its last epoch. */
  async run(listeners: Listeners): Promise<string | undefined> {
    const {progress} = this.state
    // a model that is still to lose weights is no result
    const isResult = this.request.startCounts && !this.parts.schedule
    if (progress.steps === 0 && isResult) progress.bestMetric = await this.parts.judge?.judge()
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
        listeners.onStep(progress.steps, this.#totalSteps, progress.lossSum / progress.stepInEpoch)
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
    return steps === 0 ? 0 : learningRateAt(this.request.update.schedule, steps, this.#totalSteps)
  }

  async #endEpoch(samplesPerSecond: number, listeners: Listeners): Promise<void> {
    const {progress} = this.state
    const loss = progress.lossSum / this.parts.stepsPerEpoch
    progress.epoch++
    progress.stepInEpoch = 0
    progress.lossSum = 0
    const metric = await this.parts.judge?.judge()
    const report = {epoch: progress.epoch, loss, metric, learningRate: this.#learningRate, samplesPerSecond}
    progress.epochs.push(report)
    if (this.#isBest(metric)) {
      progress.bestEpoch = progress.epoch
      progress.bestMetric = this.#isPruning ? undefined : metric
      keepAsBest(this.state)
    }
    const {checkpoint} = this.request
    if (checkpoint && !checkpoint.onlyWhenStopped) writeCheckpoint(checkpoint.path, this.request, this.state)
    listeners.onEpoch(report)
  }

  /** With weights that are still to go a model is better, and no result. */
  get #isPruning(): boolean {
    return this.parts.schedule?.isOver(this.state.progress.steps) === false
  }

  /** Without a metric the latest weights are the best. */
  #isBest(metric: number | undefined): boolean {
    const {bestMetric} = this.state.progress
    const {judge} = this.parts
    if (!judge || metric === undefined || this.#isPruning) return true
    if (!Number.isFinite(metric)) return false
    if (bestMetric === undefined) return true
    return judge.metric.direction === 'higher' ? metric > bestMetric : metric < bestMetric
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

function samplesPerStep({batch, update}: TrainRequest): number {
  return batch * (update.accumulate ?? 1)
}

/** Different for every epoch, and the same whenever that epoch runs. */
function roundSeed(seed: number, epoch: number): number {
  return (seed * 1_000_003 + epoch) | 0
}

function tooFewSamples({sampleCount}: Dataset, request: TrainRequest): DataError {
  const message = `${request.data.path}: expected at least ${samplesPerStep(request)} samples, one batch, got ${sampleCount}`
  return new DataError(message, {hint: 'Choose a smaller --batch'})
}
