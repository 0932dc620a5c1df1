import type {TrainingResult} from '../results.js'
import {escapedTable} from './escaped-table.js'
import {bytesText, factorText, metricText, msText, signed, threeDigits} from './figures.js'
import {type Panel, plot} from './plot.js'

/** How the figures of a training came about. */
export interface TrainingMethod {
  /** The command as typed, absolute paths cut to their last part. */
  readonly commandLine: string
  /** Name of the picture beside the report. */
  readonly picture: string
}

/** The report of a training as GitHub Markdown, with a picture beside it. The same result gives the same text. */
export function trainingReport(result: TrainingResult, {commandLine, picture}: TrainingMethod): string {
  const {metric, losses, bestEpoch, steps, stopped, warnings} = result
  const sections = [
    `# ${fileOf(result.output.path)}: ${metric.name} ${metricText(metric.after)}`,
    headline(result),
    modelTable(result),
    `![Loss and ${metric.name} by epoch](${encodeURI(picture)})`,
    '## Epochs',
    folded(epochTable(result), result.history.length),
    `The weights of ${bestEpoch === 0 ? 'before the training' : `epoch ${bestEpoch}`} were kept, after ${steps} updates in all.${stopped === null ? '' : ` It ended early: ${stopped}.`}`,
    '## Method',
    `\`\`\`sh\n${commandLine}\n\`\`\``,
    ...rateText(result),
    `Loss: ${losses.map((loss) => `\`${loss}\``).join(' + ')}. The metric is on ${metric.samples.toLocaleString('en-US')} samples that no update saw.`,
    ...(warnings.length > 0 ? ['## Worth knowing', warnings.map(({message}) => `- ${message}`).join('\n')] : []),
  ]
  return `${sections.join('\n\n')}\n`
}

/** The loss and the metric of every epoch, the teacher and the start beside them, as an SVG document. */
export function trainingPicture({history, metric, bestEpoch, reinitialized}: TrainingResult): string {
  const best = history.find(({epoch}) => epoch === bestEpoch)
  const references = [
    ...(metric.teacher === null ? [] : [{name: 'teacher', value: metric.teacher}]),
    ...(Number.isFinite(metric.before) ? [{name: startName(reinitialized), value: metric.before}] : []),
  ]
  const judged: Panel = {
    title: metric.name,
    curves: [{name: metric.name, points: history.map((one) => [one.epoch, one.metric ?? Number.NaN] as const)}],
    references,
    mark: best?.metric === null || !best ? undefined : {x: best.epoch, y: best.metric, name: 'kept'},
  }
  const loss: Panel = {
    title: 'training loss',
    curves: [{name: 'training loss', points: history.map(({epoch, trainLoss}) => [epoch, trainLoss] as const)}],
  }
  return plot([loss, judged], 'epoch')
}

function rateText({learningRate}: TrainingResult): string[] {
  if (learningRate?.chosen !== 'auto') return []
  const tried = learningRate.tried.map(({value, loss}) => `${value}: ${loss === null ? 'diverged' : threeDigits(loss)}`)
  return [
    `Learning rate ${learningRate.value}, chosen by short trainings on the data (loss after each: ${tried.join(', ')}).`,
  ]
}

function headline({metric, timing, output, input, command}: TrainingResult): string {
  const baseline = command === 'distill' ? (metric.teacher ?? metric.before) : metric.before
  const change = metric.after === null ? '' : `${metric.name} ${signed(metric.after - baseline, 4)}`
  const against = command === 'distill' ? 'against the teacher' : 'against the input'
  const size = `${Math.round((100 * output.sizeBytes) / input.sizeBytes)} % of the size`
  const speed = timing ? `, ${factorText(1 / timing.ratio)} times the speed (${timing.verdict})` : ''
  return `**${[change, size].filter(Boolean).join(', ')}${speed}**, ${against}.`
}

/** New weights owe nothing to those that the file had. */
function startName(reinitialized: boolean): string {
  return reinitialized ? 'old weights' : 'before'
}

function modelTable({teacher, student, output, metric, timing, command, reinitialized}: TrainingResult): string {
  const isDistilled = command === 'distill'
  const before = timing ? msText(timing.before) : '-'
  const rows = [
    ['', 'file', metric.name, 'size', 'p50 ms'],
    ...(teacher
      ? [
          [
            'teacher',
            fileOf(teacher.path),
            metricText(metric.teacher),
            bytesText(teacher.sizeBytes),
            isDistilled ? before : '-',
          ],
        ]
      : []),
    [
      startName(reinitialized),
      fileOf(student.path),
      metricText(metric.before),
      bytesText(student.sizeBytes),
      isDistilled ? '-' : before,
    ],
    [
      'after',
      fileOf(output.path),
      metricText(metric.after),
      bytesText(output.sizeBytes),
      timing ? msText(timing.after) : '-',
    ],
  ]
  return escapedTable(rows, ['l', 'l', 'r', 'r', 'r'])
}

/** Rows that fit a screen beside the picture. */
const SHOWN_EPOCHS = 12

function folded(text: string, epochs: number): string {
  return epochs <= SHOWN_EPOCHS ? text : `<details>\n<summary>${epochs} epochs</summary>\n\n${text}\n\n</details>`
}

function epochTable({history, metric}: TrainingResult): string {
  const rows = history.map(({epoch, trainLoss, metric: value, learningRate, samplesPerSecond}) => [
    `${epoch}`,
    trainLoss.toFixed(4),
    metricText(value),
    learningRate.toPrecision(3),
    threeDigits(samplesPerSecond),
  ])
  return escapedTable(
    [['epoch', 'loss', metric.name, 'learning rate', 'samples/s'], ...rows],
    ['r', 'r', 'r', 'r', 'r'],
  )
}

function fileOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
