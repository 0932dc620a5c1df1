import type {BenchResult, BenchRow} from '../results.js'
import {settingGroups, settingText} from './bench-settings.js'
import {verdictCell} from './bench-tables.js'
import {latencyCell, memoryCell, metricCell, metricValue, sizeCell, speedupCell} from './bench-words.js'
import {escapedTable} from './escaped-table.js'
import {bytesText, counted, percentText, threeDigits} from './figures.js'
import {headlines} from './headline.js'
import {methodSection} from './method-section.js'
import {PROFILE_NOTE, profileTables} from './profile-tables.js'

/**
 * The report of a bench as GitHub Markdown: what won and what it cost, the table, the budgets, the warnings, how it was measured.
 * The same result gives the same text: no clock, no absolute path.
 */
export function markdownReport(result: BenchResult): string {
  const sections = [
    `# ${title(result)}`,
    headlineSection(result),
    ...settingGroups(result).map(({title: setting, rows}) => `## Results: ${setting}\n\n${resultTable(result, rows)}`),
    profileSection(result),
    budgetSection(result),
    warningSection(result),
    methodSection(result),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function title({results}: BenchResult): string {
  const models = [...new Set(results.map(({model}) => model))]
  const [baseline = 'no model', ...others] = models
  if (others.length === 0) return `Benchmark of ${baseline}`
  if (others.length === 1) return `${others[0]} against ${baseline}`
  return `${others.length} models against ${baseline}`
}

function headlineSection(result: BenchResult): string {
  const all = headlines(result, code)
  const text = all.map(({setting, first, others}) => {
    const where = all.length > 1 ? `On ${setting}: ` : ''
    return [`**${where}${first}**`, ...(others.length > 0 ? [others.map((line) => `- ${line}`).join('\n')] : [])]
  })
  return text.flat().join('\n\n')
}

function resultTable(result: BenchResult, rows: readonly BenchRow[]): string {
  const {metric} = result.method
  const head = ['model', 'size', 'gzipped', 'zeros', 'p50 ms', 'p95 ms', 'speed-up (95 %)', 'verdict']
  const tail = ['samples/s', 'peak memory', ...metricNames(rows)]
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
  const align = [...head, ...tail].map((name) => (name === 'model' || name === 'verdict' ? 'l' : 'r'))
  return escapedTable([[...head, ...tail], ...body], align)
}

function metricNames(rows: readonly BenchRow[]): string[] {
  return [...new Set(rows.flatMap(({metrics}) => Object.keys(metrics)))]
}

function profileSection(result: BenchResult): string {
  const tables = profileTables(result).map(({title: model, head, rows, right}) => {
    const align = head.map((_, index) => (right.includes(index) ? 'r' : 'l'))
    return `### ${model}\n\n${escapedTable([head, ...rows], align)}`
  })
  return tables.length === 0 ? '' : `## Where the time goes\n\n${PROFILE_NOTE}\n\n${tables.join('\n\n')}`
}

function budgetSection({budget}: BenchResult): string {
  if (!budget) return ''
  const body = budget.checks.map((check) => [
    check.passed ? 'met' : '**missed**',
    `--${check.name} ${check.limit}`,
    code(check.model),
    settingText(check),
    check.actual,
  ])
  const missed = budget.checks.filter(({passed}) => !passed).length
  const summary = budget.passed ? 'All budgets are met.' : `**${counted(missed, 'budget')} missed.**`
  const table = escapedTable([['', 'budget', 'model', 'setting', 'measured'], ...body])
  return body.length === 0 ? `## Budgets\n\n${summary}` : `## Budgets\n\n${summary}\n\n${table}`
}

function warningSection({warnings}: BenchResult): string {
  if (warnings.length === 0) return ''
  const lines = warnings.map(({message, hint}) => `- ${capital(message)}.${hint ? ` ${capital(hint)}.` : ''}`)
  return `## Worth knowing\n\n${lines.join('\n')}`
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
