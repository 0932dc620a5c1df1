import type {BenchResult, BenchRow, Warning} from '../results.js'
import {settingGroups, settingText} from './bench-settings.js'
import {verdictCell} from './bench-tables.js'
import {latencyCell, memoryCell, metricCell, metricValue, sizeCell, speedupCell} from './bench-words.js'
import {type Block, type Document, heading, list, paragraph, section, type TableBlock, table} from './document.js'
import {bytesText, counted, percentText, threeDigits} from './figures.js'
import {headlines} from './headline.js'
import {methodBlocks} from './method-blocks.js'
import {PROFILE_NOTE, profileTables} from './profile-tables.js'

/**
 * The report of a bench: what won and what it cost, the table, the budgets, the warnings, how it was measured. The same result gives
 * the same document: no clock, no absolute path.
 */
export function benchReport(result: BenchResult): Document {
  return {
    title: title(result),
    blocks: [
      ...headlineBlocks(result),
      ...settingGroups(result).flatMap(({title: setting, rows}) => [
        heading(`Results: ${setting}`),
        resultTable(result, rows),
      ]),
      ...profileBlocks(result),
      ...budgetBlocks(result),
      ...section('Worth knowing', list(result.warnings.map(warningText))),
      ...methodBlocks(result),
    ],
  }
}

function title({results}: BenchResult): string {
  const models = [...new Set(results.map(({model}) => model))]
  const [baseline = 'no model', ...others] = models
  if (others.length === 0) return `Benchmark of ${baseline}`
  if (others.length === 1) return `${others[0]} against ${baseline}`
  return `${others.length} models against ${baseline}`
}

function headlineBlocks(result: BenchResult): Block[] {
  const all = headlines(result, code)
  return all.flatMap(({setting, first, others}) => {
    const where = all.length > 1 ? `On ${setting}: ` : ''
    return [paragraph(`**${where}${first}**`), ...list(others)]
  })
}

function resultTable(result: BenchResult, rows: readonly BenchRow[]): TableBlock {
  const {metric} = result.method
  const first = ['model', 'size', 'gzipped', 'zeros', 'p50 ms', 'p95 ms', 'speed-up (95 %)', 'verdict']
  const head = [...first, 'samples/s', 'peak memory', ...metricNames(rows)]
  const body = rows.map((row, index) => [
    code(row.model),
    sizeCell(row),
    row.compressedBytes === null ? '-' : bytesText(row.compressedBytes),
    row.sparsity === null ? '-' : percentText(row.sparsity),
    latencyCell(row, 'p50'),
    latencyCell(row, 'p95'),
    index === 0 && row.latencyMs ? '1.00' : speedupCell(row),
    emphasis(verdictCell(row, index === 0)),
    row.throughput === null ? '-' : threeDigits(row.throughput),
    memoryCell(row),
    ...metricNames(rows).map((name) => (name === metric?.name ? metricCell(row, metric) : metricValue(row, name))),
  ])
  const right = head.flatMap((name, index) => (name === 'model' || name === 'verdict' ? [] : [index]))
  return table({head, rows: body, right})
}

function metricNames(rows: readonly BenchRow[]): string[] {
  return [...new Set(rows.flatMap(({metrics}) => Object.keys(metrics)))]
}

function profileBlocks(result: BenchResult): Block[] {
  const tables = profileTables(result).flatMap(({title: model, ...content}) => [heading(model, 3), table(content)])
  return tables.length === 0 ? [] : section('Where the time goes', [paragraph(PROFILE_NOTE), ...tables])
}

function budgetBlocks({budget}: BenchResult): Block[] {
  if (!budget) return []
  const missed = budget.checks.filter(({passed}) => !passed).length
  const summary = paragraph(budget.passed ? 'All budgets are met.' : `**${counted(missed, 'budget')} missed.**`)
  const rows = budget.checks.map((check) => [
    check.passed ? 'met' : '**missed**',
    `--${check.name} ${check.limit}`,
    code(check.model),
    settingText(check),
    check.actual,
  ])
  const checks = rows.length === 0 ? [] : [table({head: ['', 'budget', 'model', 'setting', 'measured'], rows})]
  return section('Budgets', [summary, ...checks])
}

function warningText({message, hint}: Warning): string {
  return `${capital(message)}.${hint ? ` ${capital(hint)}.` : ''}`
}

function emphasis(verdict: string): string {
  return verdict === 'slower' || verdict === 'failed' ? `**${verdict}**` : verdict
}

function code(name: string): string {
  return `\`${name.replaceAll('`', "'")}\``
}

/** A sentence begins with a capital letter, unless it begins with a name, a flag or a file. */
function capital(text: string): string {
  if (!/^[a-z]+[\s,:]/.test(text)) return text
  return text.charAt(0).toUpperCase() + text.slice(1)
}
