import type {TrainedEpoch, TrainingFacts} from '../results.js'
import {formatBytes} from './format.js'

/** What a training was, whatever verb it was for. */
export function trainingRows(facts: TrainingFacts, verbose: boolean): string[][] {
  const {history, steps, losses} = facts
  return [
    ['epochs', `${history.length}, ${keptText(facts)}; ${steps} updates, ${speedText(history)}`],
    ['loss', losses.join(' + ')],
    ...rateRow(facts),
    ...(verbose ? [...teacherRow(facts), ...history.map(epochRow)] : []),
  ]
}

/** `0.003, chosen on the data (0.001: 0.31, 0.003: 0.27, 0.01: 0.35)` */
function rateRow({learningRate}: TrainingFacts): string[][] {
  if (learningRate?.chosen !== 'auto') return []
  const tried = learningRate.tried.map(
    ({value, loss}) => `${value}: ${loss === null ? 'diverged' : loss.toPrecision(3)}`,
  )
  return [['learning rate', `${learningRate.value}, the best of short trainings (${tried.join(', ')})`]]
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

function epochRow({epoch, trainLoss, metric, heldOutLoss, learningRate}: TrainedEpoch): string[] {
  const tie = heldOutLoss === undefined ? '' : `, loss on held-out samples ${heldOutLoss.toFixed(4)}`
  const judged = metric === null ? '' : `, metric ${metric.toFixed(4)}${tie}`
  return [`epoch ${epoch}`, `loss ${trainLoss.toFixed(4)}${judged}, learning rate ${learningRate.toPrecision(3)}`]
}
