import type {TrainedEpoch, TrainingFacts} from '../results.js'

/** What a training was, whatever verb it was for. */
export function trainingRows(facts: TrainingFacts, verbose: boolean): string[][] {
  const {history, steps, losses} = facts
  return [
    ['epochs', `${history.length}, ${keptText(facts)}; ${steps} updates, ${speedText(history)}`],
    ['loss', losses.join(' + ')],
    ...(verbose ? history.map(epochRow) : []),
  ]
}

function keptText({bestEpoch, history}: TrainingFacts): string {
  if (bestEpoch === 0) return 'none better than the start'
  return bestEpoch === history.length ? 'the last one kept' : `epoch ${bestEpoch} kept`
}

function speedText(history: readonly TrainedEpoch[]): string {
  const last = history.at(-1)
  return `${Math.round(last?.samplesPerSecond ?? 0).toLocaleString('en-US')} samples/s`
}

function epochRow({epoch, trainLoss, metric, learningRate}: TrainedEpoch): string[] {
  const judged = metric === null ? '' : `, metric ${metric.toFixed(4)}`
  return [`epoch ${epoch}`, `loss ${trainLoss.toFixed(4)}${judged}, learning rate ${learningRate.toPrecision(3)}`]
}
