import type {TrainedEpoch, TrainingFacts} from '../results.js'
import {formatBytes} from './format.js'

/** What a training was, whatever verb it was for. */
export function trainingRows(facts: TrainingFacts, verbose: boolean): string[][] {
  const {history, steps, losses} = facts
  return [
    ['epochs', `${history.length}, ${keptText(facts)}; ${steps} updates, ${speedText(history)}`],
    ['loss', losses.join(' + ')],
    ...(verbose ? [...teacherRow(facts), ...history.map(epochRow)] : []),
  ]
}

const KEPT = {memory: 'kept in memory', disk: 'kept in a temporary file', graph: 'computed in every step'} as const

function teacherRow({teacherOutputs}: TrainingFacts): string[][] {
  if (!teacherOutputs) return []
  const size = teacherOutputs.kept === 'graph' ? '' : `, ${formatBytes(teacherOutputs.bytes)}`
  return [['teacher', `outputs ${KEPT[teacherOutputs.kept]}${size}`]]
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
