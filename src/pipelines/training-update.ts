import type {UpdateSpec} from '../train/train-request.js'
import type {TrainingSamples} from './read-samples.js'
import type {TrainingJob} from './training-job.js'

/** Optimizers take numbers of their own: PyTorch's, and the momentum that everybody sets. */
const OPTIMIZERS = {sgd: {kind: 'sgd', momentum: 0.9}, adam: {kind: 'adam'}, adamw: {kind: 'adamw'}} as const

/** How weights are moved, as the flags and the verb say. */
export function updateOf(
  {options, update}: TrainingJob,
  {accumulate}: Pick<TrainingSamples, 'accumulate'>,
): UpdateSpec {
  const {optimizer, schedule, learningRate} = options
  return {optimizer: OPTIMIZERS[optimizer], schedule: {kind: schedule, learningRate}, accumulate, ...update}
}
