import type {TrainedEpoch, TrainingResult} from '../results.js'
import {formatBytes} from './format.js'
import {bold, table} from './table.js'
import {headline, summary, type WritingResult} from './writing-summary.js'

/** What `distill` and `finetune` print: who is how good, how large and how fast; then what the training was. */
export function trainingSummary(result: TrainingResult, verbose: boolean): string {
  const {history, steps, losses} = result
  const facts = [
    ['epochs', `${history.length}, ${keptText(result)}; ${steps} updates, ${speedText(history)}`],
    ['loss', losses.join(' + ')],
    ...(verbose ? history.map(epochRow) : []),
  ]
  const plain: WritingResult = {...result, metric: null}
  const others: WritingResult = {...plain, timing: null}
  const [, ...rest] = summary(others, facts, verbose, '').split('\n')
  return [bold(headline(plain)), models(result), '', ...rest].join('\n')
}

function keptText({bestEpoch, history}: TrainingResult): string {
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

/** The teacher, and the model before and after. */
function models({teacher, student, output, metric, timing, command}: TrainingResult): string {
  const isBesideTeacher = command === 'distill'
  const speedup = timing ? `, ${(1 / timing.ratio).toFixed(2)}x: ${timing.verdict}` : ''
  const before = timing ? msText(timing.before) : '-'
  const rows = [
    ...(teacher
      ? [['teacher', figure(metric.teacher), formatBytes(teacher.sizeBytes), isBesideTeacher ? before : '-']]
      : []),
    ['before', figure(metric.before), formatBytes(student.sizeBytes), isBesideTeacher ? '-' : before],
    ['after', figure(metric.after), formatBytes(output.sizeBytes), timing ? `${msText(timing.after)}${speedup}` : '-'],
  ]
  return table(['', metric.name, 'size', 'latency'], rows)
}

function figure(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '-' : value.toFixed(4)
}

function msText(ms: number): string {
  return `${ms.toPrecision(3)} ms`
}
