import {UsageError} from '../errors.js'
import type {OptimizerSpec} from './loop/optimizers.js'
import type {TrainOptions} from './train-options.js'

/** @throws UsageError for the first number that cannot mean anything. */
export function checkOptions(options: TrainOptions): void {
  const {batch, epochs, seed, losses, update, checkpoint} = options
  const {schedule, optimizer, clipNorm, accumulate} = update
  whole('batch', batch, 1)
  whole('epochs', epochs, 1)
  whole('seed', seed, 0)
  whole('batches per update', accumulate, 1)
  whole('steps between checkpoints', checkpoint?.everySteps, 1)
  whole('updates per run', options.updatesPerRun, 1)
  whole('warm-up steps', schedule.warmupSteps, 0)
  if (schedule.learningRate !== 'auto') above('learning rate', schedule.learningRate, 0)
  within('final share of the learning rate', schedule.finalShare, 0, 1)
  above('clipping norm', clipNorm, 0)
  checkOptimizer(optimizer)
  if (losses.length === 0) throw new UsageError('expected at least one loss')
  for (const loss of losses) {
    within('weight of a loss', loss.weight, 0, Number.MAX_VALUE)
    if (loss.kind === 'distillation') above('temperature', loss.temperature, 0)
    if (loss.kind === 'cross-entropy') within('label smoothing', loss.smoothing, 0, 1)
  }
  if (losses.every(({weight}) => weight === 0)) throw new UsageError('expected a loss with a weight above 0')
}

function checkOptimizer(spec: OptimizerSpec): void {
  within('weight decay', spec.weightDecay, 0, Number.MAX_VALUE)
  if (spec.kind === 'sgd') {
    share('momentum', spec.momentum)
    if (spec.nesterov && !spec.momentum) throw new UsageError("Nesterov's form needs a momentum above 0")
  } else {
    above('epsilon', spec.epsilon, 0)
    for (const beta of spec.betas ?? []) share('beta', beta)
  }
}

function whole(what: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return
  throw new UsageError(`${what}: expected a whole number of at least ${least}, got ${value}`)
}

function above(what: string, value: number | undefined, limit: number): void {
  if (value === undefined || (Number.isFinite(value) && value > limit)) return
  throw new UsageError(`${what}: expected a number above ${limit}, got ${value}`)
}

function within(what: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined || (value >= low && value <= high)) return
  throw new UsageError(
    `${what}: expected a number ${high < 2 ? `from ${low} to ${high}` : `of at least ${low}`}, got ${value}`,
  )
}

function share(what: string, value: number | undefined): void {
  if (value === undefined || (value >= 0 && value < 1)) return
  throw new UsageError(`${what}: expected a number from 0 to below 1, got ${value}`)
}
