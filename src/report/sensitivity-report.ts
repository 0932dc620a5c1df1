import type {QuantizeSensitivityResult} from '../results.js'
import {type Document, heading, list, paragraph, section, table} from './document.js'
import {bytesText, fileOf, threeDigits} from './figures.js'

/** Layers that a picture has room for. */
const SHOWN = 40

type Layer = QuantizeSensitivityResult['layers'][number]

const MEANINGS: Readonly<Record<Layer['measure'], string>> = {
  KL: 'KL divergence of the classes, nats',
  loss: 'share of what may be lost, and noise',
  'estimated KL': 'KL divergence of the classes, nats, estimated by gradients',
  'estimated noise': 'noise ÷ signal of the outputs, estimated by gradients',
}

/**
 * The report of a ranking of layers, with a picture. The same result gives the same document.
 *
 * @param line the command as typed, absolute paths cut to their last part.
 */
export function sensitivityReport({input, mode, layers, warnings}: QuantizeSensitivityResult, line: string): Document {
  const [worst] = layers
  const xLabel = MEANINGS[worst?.measure ?? 'KL']
  const rows = layers.slice(0, SHOWN).map(({node, error}) => ({name: node, value: error}))
  const text = `What each layer does alone: ${rows.length} of ${layers.length} layers, the worst first`
  return {
    title: `${fileOf(input.path)}: what quantizing each layer does to the answers`,
    blocks: [
      paragraph(summaryOf(layers)),
      {kind: 'picture', text, drawing: {kind: 'ranking', xLabel, rows}},
      heading('Layers'),
      table(
        {
          head: ['layer', 'operator', 'form', xLabel, 'SQNR dB', 'weights'],
          rows: layers.map(rowOf),
          right: [3, 4, 5],
        },
        layers.length > SHOWN ? `${layers.length} layers` : undefined,
      ),
      heading('Method'),
      {kind: 'command', line},
      paragraph(
        `Mode \`${mode}\`. Each layer in the form that the rules plan for it, all others in float, on up to 64 samples, against the float model.`,
      ),
      ...section('Worth knowing', list(warnings.map(({message}) => message))),
    ],
  }
}

function summaryOf(layers: readonly Layer[]): string {
  const total = layers.reduce((sum, {error}) => sum + error, 0)
  let [count, sum] = [0, 0]
  for (const {error} of layers) {
    if (total === 0 || sum > total / 2) break
    sum += error
    count++
  }
  const share = `**${count} of ${layers.length} layers do half of the harm**`
  return total === 0 ? 'No layer changes the answers.' : `${share}, the sum of what each does alone.`
}

function rowOf({node, op, form, error, sqnrDb, weightBytes}: Layer): string[] {
  return [
    `\`${node}\``,
    op,
    form,
    threeDigits(error),
    sqnrDb === null ? '-' : sqnrDb.toFixed(1),
    bytesText(weightBytes),
  ]
}
