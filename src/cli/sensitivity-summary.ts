import type {QuantizeSensitivityResult} from '../results.js'
import {formatBytes} from './format.js'
import {bold, table} from './table.js'

/** The layers by what each does alone, the worst first, with a bar for its share of the worst. */
export function sensitivitySummary({layers}: QuantizeSensitivityResult): string {
  const worst = layers[0]?.error ?? 0
  const rows = layers.map(({node, op, form, error, measure, sqnrDb, weightBytes}) => [
    ...[node, op, form, `${error.toPrecision(3)} ${measure}`],
    ...[sqnrDb === null ? 'equal' : `${sqnrDb.toFixed(1)} dB`, formatBytes(weightBytes)],
    '█'.repeat(worst > 0 ? Math.round((BAR * error) / worst) : 0),
  ])
  const head = ['layer', 'op', 'form', 'error', 'SQNR', 'weights', ''].map((title) => (title ? bold(title) : ''))
  const first = `${layers.length} layers, each alone in its planned form, the others in float`
  return `${bold(first)}\n${table(head, rows, {right: [3, 4, 5]})}`
}

/** Characters of the longest bar. */
const BAR = 24
