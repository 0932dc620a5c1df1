import type {TrainingResult} from '../results.js'
import {formatBytes} from './format.js'
import {bold, table} from './table.js'
import {trainingRows} from './training-rows.js'
import {headline, summary, type WritingResult} from './writing-summary.js'

/** What `distill` and `finetune` print: who is how good, how large and how fast; then what the training was. */
export function trainingSummary(result: TrainingResult, verbose: boolean): string {
  const facts = trainingRows(result, verbose)
  const plain: WritingResult = {...result, metric: null}
  const others: WritingResult = {...plain, timing: null}
  const [, ...rest] = summary(others, facts, verbose, '').split('\n')
  return [bold(headline(plain)), models(result), '', ...rest].join('\n')
}

/** The teacher, and the model before and after. */
function models({teacher, student, output, metric, timing, command, reinitialized}: TrainingResult): string {
  const isBesideTeacher = command === 'distill'
  const speedup = timing ? `, ${(1 / timing.ratio).toFixed(2)}x: ${timing.verdict}` : ''
  const before = timing ? msText(timing.before) : '-'
  const rows = [
    ...(teacher
      ? [['teacher', figure(metric.teacher), formatBytes(teacher.sizeBytes), isBesideTeacher ? before : '-']]
      : []),
    [
      reinitialized ? 'old weights' : 'before',
      figure(metric.before),
      formatBytes(student.sizeBytes),
      isBesideTeacher ? '-' : before,
    ],
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
