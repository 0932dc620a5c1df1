import type {OutputFidelity, QuantizeResult, Searched, Tried} from '../results.js'
import {type Document, heading, list, paragraph, section, table} from './document.js'
import {bytesText, factorText, fileOf, metricText, msText, percentText, signed} from './figures.js'

/**
 * The report of a quantization: what it came to, what each output keeps, and what was tried for that.
 *
 * @param line the command as typed, absolute paths cut to their last part.
 */
export function quantizeReport(result: QuantizeResult, line: string): Document {
  const {output, mode, cpu, calibration, fidelity, tried, searched, warnings, budget} = result
  const ranges = calibration === null ? '' : `, ranges by ${calibration}`
  return {
    title: `${fileOf(output.path)}: ${percentText(output.sizeBytes / result.input.sizeBytes)} of the size`,
    blocks: [
      paragraph(headline(result)),
      modelTable(result),
      ...section('Limits', list(budget?.checks.map(checkText) ?? [])),
      ...section('What the outputs keep', fidelity ? [outputTable(fidelity.outputs)] : []),
      ...section('Tried to keep the answers', tried.length > 1 ? [triedTable(tried)] : []),
      ...section('Searched for the limit of the drop', searched.length > 1 ? [searchedTable(searched)] : []),
      heading('Layers'),
      table({head: ['form', 'layers'], rows: countsOf(result), right: [1]}),
      heading('Method'),
      {kind: 'command', line},
      paragraph(`Mode \`${mode}\` for \`${cpu}\`${ranges}.`),
      ...section('Worth knowing', list(warnings.map(({message}) => message))),
    ],
  }
}

type Check = NonNullable<QuantizeResult['budget']>['checks'][number]

function headline({input, output, timing, metric}: QuantizeResult): string {
  const size = `${percentText(output.sizeBytes / input.sizeBytes)} of the size`
  const speed = timing ? [`${factorText(1 / timing.ratio)} times the speed (${timing.verdict})`] : []
  const drop = metric && metric.after !== null ? [`${metric.name} ${signed(metric.after - metric.before, 4)}`] : []
  return `**${[...drop, size, ...speed].join(', ')}**, against the input.`
}

function modelTable({input, output, metric, timing}: QuantizeResult) {
  const name = metric?.name ?? 'metric'
  return table({
    head: ['', 'file', name, 'size', 'p50 ms'],
    rows: [
      ['before', fileOf(input.path), metricText(metric?.before), bytesText(input.sizeBytes), msOf(timing?.before)],
      ['after', fileOf(output.path), metricText(metric?.after), bytesText(output.sizeBytes), msOf(timing?.after)],
    ],
    right: [2, 3, 4],
  })
}

function checkText({name, limit, actual, passed}: Check): string {
  return `${passed ? 'held' : 'missed'}: ${name} ${limit}, got ${actual}`
}

function outputTable(outputs: readonly OutputFidelity[]) {
  return table({
    head: ['output', 'what it is', 'kept', 'measure', 'SQNR dB'],
    rows: outputs.map(({name, kind, value, measure, sqnrDb, maxAbs}) => [
      `\`${name}\``,
      kind ?? 'unknown',
      value === null ? '-' : percentText(value),
      measure ?? '-',
      sqnrDb === null ? (maxAbs === 0 ? 'equal' : '-') : sqnrDb.toFixed(1),
    ]),
    right: [2, 4],
  })
}

function triedTable(tried: readonly Tried[]) {
  return table({
    head: ['plan', 'kept', 'wanted', ''],
    rows: tried.map(({what, value, floor, sqnrDb, chosen}) => [
      what,
      value === null ? (sqnrDb === null ? '-' : `${sqnrDb.toFixed(1)} dB`) : percentText(value),
      floor === null ? '-' : percentText(floor),
      chosen ? 'taken' : '',
    ]),
    right: [1, 2],
  })
}

function searchedTable(searched: readonly Searched[]) {
  return table({
    head: ['plan', 'layers moved', 'size', 'ms', 'drop, points', '±', ''],
    rows: searched.map(({what, layers, sizeBytes, ms, drop, standardError, held, chosen}) => [
      ...[what, String(layers), bytesText(sizeBytes), msOf(ms ?? undefined)],
      ...[(100 * drop).toFixed(2), (200 * standardError).toFixed(2)],
      [held ? 'holds' : 'too much', ...(chosen ? ['taken'] : [])].join(', '),
    ]),
    right: [1, 2, 3, 4, 5],
  })
}

/** Changed layers by what they are stored as, and those that stay. */
function countsOf({changed, skipped}: QuantizeResult): string[][] {
  const counts = new Map<string, number>()
  for (const {form, to} of changed) {
    if (form === undefined || to === undefined) continue
    const what = `${form}, ${to}`
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  if (skipped.length > 0) counts.set('float', skipped.length)
  return [...counts].map(([what, count]) => [what, String(count)])
}

function msOf(ms: number | undefined): string {
  return ms === undefined ? '-' : msText(ms)
}
