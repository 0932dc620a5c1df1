import type {TrainingOptions} from '../../options/training.js'
import type {Warning} from '../../results.js'
import type {TrainedModel} from './training-job.js'

type Choice = Pick<TrainingOptions, 'learningRate'>

/** What is worth knowing of a training that is done. */
export function warningsOf(
  {stopped, notes, bestEpoch, unmatched, learningRate}: TrainedModel,
  choice: Choice,
): Warning[] {
  const hint = 'the names are in: mopt inspect MODEL --layers'
  const warnings: Warning[] = [
    ...unmatched.map((pattern) => ({code: 'NO_MATCH', message: `--freeze ${pattern} matches no weight`, hint})),
    ...notes.map((message) => ({code: 'DATA', message})),
  ]
  if (stopped !== undefined) {
    warnings.push({code: 'DIVERGED', message: stopped, hint: divergedHint(choice, learningRate?.value)})
  } else if (bestEpoch === 0) {
    const message = 'no epoch was better than the start: its weights are kept'
    warnings.push({code: 'NO_GAIN', message, hint: noGainHint(choice)})
  }
  return warnings
}

/** @param rate the highest that the training had, where it came so far. */
export function divergedHint({learningRate}: Choice, rate?: number): string {
  if (learningRate !== 'auto') return 'leave --lr out: it is then chosen on the data'
  return rate === undefined
    ? 'try a smaller --lr'
    : `name a smaller rate than the chosen ${rate}, such as --lr ${rate / 10}`
}

function noGainHint({learningRate}: Choice): string {
  const samples = 'give more or other samples'
  return learningRate === 'auto'
    ? `${samples}, or more --epochs`
    : `leave --lr out: it is then chosen on the data; or ${samples}`
}
