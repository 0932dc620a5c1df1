import type {Dataset} from '../../data/dataset.js'
import type {TeacherRows} from '../teacher/teacher-rows.js'
import {BatchReader} from './batch-reader.js'
import {chooseRate, type RateChoice} from './choose-rate.js'
import type {HeldOutLoss} from './held-out-loss.js'
import {MaskSchedule} from './mask-schedule.js'
import type {OptimizerSpec} from './optimizer-spec.js'
import {roundSeed} from './round-seed.js'
import type {StepRunner} from './step-runner.js'
import type {TrainRequest} from './train-request.js'
import {restart, type TrainState} from './train-state.js'

/** Share of a training's updates that the choice of its learning rate may take. */
const SHARE = 0.1
/** Rates that are tried as a rule, and the cost of judging one: a forward pass is a third of an update. */
const MOST_TRIALS = 4
export const JUDGED_BATCHES = 8
const JUDGING_UPDATES = JUDGED_BATCHES / 3
/** Fewer updates say nothing of a rate: tiny trainings spend more than their tenth. */
const LEAST_UPDATES = 12
/** More only repeat it. */
const MOST_UPDATES = 400

/** How many updates each rate is tried for, in a training of some updates. */
export function trialLength(totalSteps: number): number {
  const share = Math.floor((SHARE * totalSteps) / MOST_TRIALS - JUDGING_UPDATES)
  return Math.min(totalSteps, MOST_UPDATES, Math.max(LEAST_UPDATES, share))
}

export interface TrialParts {
  readonly request: TrainRequest
  readonly state: TrainState
  readonly runner: StepRunner
  /** Before a round shuffles it. */
  readonly dataset: Dataset
  readonly teacher: TeacherRows | undefined
  readonly heldOut: HeldOutLoss
  readonly stepsPerEpoch: number
}

export interface TrialListeners {
  /** Someone waits for the training to end. */
  isStopWanted(): boolean
  /** @param done updates of all trials so far. */
  onUpdates(done: number): void
}

/** Rates that are tried, and the place of the first one. Two in a decade: between them results hardly differ. */
const ADAPTIVE = {rates: [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2], start: 4}
const RATES: Readonly<Record<OptimizerSpec['kind'], {readonly rates: readonly number[]; readonly start: number}>> = {
  adam: ADAPTIVE,
  adamw: ADAPTIVE,
  // an update is the gradient itself there, mostly much smaller than the sign that the others follow
  sgd: {rates: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1], start: 4},
}

/**
 * Chooses the learning rate of a training by short trainings from its start, each the whole course in small: its falling rate and its
 * pruning. All of them see the same samples and are judged on the same. The state is as before the first step again.
 *
 * @returns undefined when it was stopped.
 */
export async function searchRate(parts: TrialParts, listeners: TrialListeners): Promise<RateChoice | undefined> {
  const {request, state} = parts
  const rates = RATES[request.update.optimizer.kind]
  const {totalSteps} = state
  const length = trialLength(totalSteps)
  let done = 0
  const trial = async (rate: number): Promise<readonly number[]> => {
    restart(state, request)
    state.progress.learningRate = rate
    state.totalSteps = length
    const isSound = await runTrial(parts, length, (count) => {
      if (listeners.isStopWanted()) throw new Stopped()
      done += count
      listeners.onUpdates(done)
    })
    const losses = isSound ? await parts.heldOut.perBatch(state.weights) : []
    return losses.map(({loss}) => loss)
  }
  try {
    return await chooseRate({...rates, isTrained: request.startCounts}, trial)
  } catch (error) {
    if (error instanceof Stopped) return undefined
    throw error
  } finally {
    restart(state, request)
    state.totalSteps = totalSteps
  }
}

class Stopped extends Error {}

/** @returns false when the loss became no number. */
async function runTrial(parts: TrialParts, length: number, onUpdates: (count: number) => void): Promise<boolean> {
  const {request, state, runner, dataset, teacher, stepsPerEpoch} = parts
  const masks = request.update.sparsity && new MaskSchedule(request, request.update.sparsity, length)
  for (let epoch = 0; state.progress.steps < length; epoch++) {
    const round = {seed: roundSeed(request.seed, epoch), skip: 0, augment: request.augment}
    const reader = new BatchReader(request, dataset.round(round), teacher)
    try {
      for (let left = stepsPerEpoch; left > 0 && state.progress.steps < length; ) {
        const losses = await runner.advance(reader, Math.min(left, length - state.progress.steps))
        if (!losses.every(Number.isFinite)) return false
        left -= losses.length
        masks?.follow(state)
        onUpdates(losses.length)
      }
    } finally {
      await reader.close()
    }
  }
  return true
}
