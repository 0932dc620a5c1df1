import type {TrainingResult} from '../results.js'
import {type Document, heading, list, type Picture, paragraph, section, type TableBlock, table} from './document.js'
import {bytesText, factorText, fileOf, metricText, msText, signed, threeDigits} from './figures.js'
import type {Panel} from './plot.js'

/**
 * The report of a training, with a picture. The same result gives the same document.
 *
 * @param line the command as typed, absolute paths cut to their last part.
 */
export function trainingReport(result: TrainingResult, line: string): Document {
  const {metric, losses, bestEpoch, steps, stopped, warnings} = result
  const losing = losses.map((loss) => `\`${loss}\``).join(' + ')
  const kept = bestEpoch === 0 ? 'before the training' : `epoch ${bestEpoch}`
  const end = stopped === null ? '' : ` It ended early: ${stopped}.`
  return {
    title: `${fileOf(result.output.path)}: ${metric.name} ${metricText(metric.after)}`,
    blocks: [
      paragraph(headline(result)),
      modelTable(result),
      trainingPicture(result),
      heading('Epochs'),
      epochTable(result),
      paragraph(`The weights of ${kept} were kept, after ${steps} updates in all.${end}`),
      heading('Method'),
      {kind: 'command', line},
      ...rateText(result).map(paragraph),
      paragraph(
        `Loss: ${losing}. The metric is on ${metric.samples.toLocaleString('en-US')} samples that no update saw.`,
      ),
      ...section('Worth knowing', list(warnings.map(({message}) => message))),
    ],
  }
}

/** The loss and the metric of every epoch, the teacher and the start beside them. */
function trainingPicture({history, metric, bestEpoch, reinitialized}: TrainingResult): Picture {
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
  const drawing = {kind: 'curves', panels: [loss, judged], xLabel: 'epoch'} as const
  return {kind: 'picture', text: `Loss and ${metric.name} by epoch`, drawing}
}

type File = TrainingResult['output']

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

function modelTable({teacher, student, output, metric, timing, command, reinitialized}: TrainingResult): TableBlock {
  const isDistilled = command === 'distill'
  const before = timing ? msText(timing.before) : '-'
  const row = (what: string, {path, sizeBytes}: File, value: number | null, latency: string) => {
    return [what, fileOf(path), metricText(value), bytesText(sizeBytes), latency]
  }
  return table({
    head: ['', 'file', metric.name, 'size', 'p50 ms'],
    rows: [
      ...(teacher ? [row('teacher', teacher, metric.teacher, isDistilled ? before : '-')] : []),
      row(startName(reinitialized), student, metric.before, isDistilled ? '-' : before),
      row('after', output, metric.after, timing ? msText(timing.after) : '-'),
    ],
    right: [2, 3, 4],
  })
}

/** Rows that fit a screen beside the picture. */
const SHOWN_EPOCHS = 12

function epochTable({history, metric}: TrainingResult): TableBlock {
  const rows = history.map(({epoch, trainLoss, metric: value, learningRate, samplesPerSecond}) => [
    `${epoch}`,
    trainLoss.toFixed(4),
    metricText(value),
    learningRate.toPrecision(3),
    threeDigits(samplesPerSecond),
  ])
  const head = ['epoch', 'loss', metric.name, 'learning rate', 'samples/s']
  const folded = history.length > SHOWN_EPOCHS ? `${history.length} epochs` : undefined
  return table({head, rows, right: [...head.keys()]}, folded)
}
