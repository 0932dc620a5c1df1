import type {PlannedNode, QuantizePlanResult, Searched, Tried} from '../results.js'
import {formatBytes, formatPercent} from './format.js'
import {bold, table} from './table.js'

/** What becomes of each node, why, and what else could; nodes that follow their neighbours only with --verbose. */
export function planSummary(
  {nodes, tried, searched, path, calibration, rounding, input}: QuantizePlanResult,
  verbose: boolean,
): string {
  const shown = verbose ? nodes : nodes.filter(({form}) => !FOLLOWING.has(form))
  const rows = shown.map(({node, op, form, because, could}) => [node, op, form, because, otherForms(form, could)])
  const following = nodes.length - shown.length
  const facts = [
    ...(calibration === null ? [] : [['ranges', `by ${calibration}`]]),
    ...(rounding === null ? [] : [['rounding', rounding]]),
    ...triedRows(tried),
    ...searchedRows(searched),
    ...(following > 0 ? [['besides', `${following} nodes on integers as the layers around them, see --verbose`]] : []),
    ...(path === null ? [] : [['written', `${path}: edit it, then mopt quantize ${input.path} --use-plan ${path}`]]),
  ]
  const head = ['node', 'op', 'form', 'because', 'could be'].map((title) => bold(title))
  return `${bold(countsText(nodes))}\n${table(['', ''], facts)}${facts.length > 0 ? '\n' : ''}\n${table(head, rows)}`
}

const FOLLOWING: ReadonlySet<string> = new Set(['integer', 'absorbed'])

function otherForms(form: string, could: readonly string[]): string {
  return could.filter((one) => one !== form).join(' ')
}

/** `7 static-int8, 1 float`. */
function countsText(nodes: readonly PlannedNode[]): string {
  const counts = new Map<string, number>()
  for (const {form} of nodes) if (!FOLLOWING.has(form)) counts.set(form, (counts.get(form) ?? 0) + 1)
  return counts.size === 0 ? 'nothing to quantize' : [...counts].map(([form, count]) => `${count} ${form}`).join(', ')
}

/** What was tried to keep the answers of the float model; nothing where the rules kept them at once. */
export function triedRows(tried: readonly Tried[]): string[][] {
  if (tried.length === 1 && tried[0]?.passed) return []
  return tried.map(({what, chosen, ...judged}) => ['tried', `${what}: ${keptText(judged)}${chosen ? ', taken' : ''}`])
}

/** What the search for `--max-drop` evaluated; nothing where the plan held it at once. */
export function searchedRows(searched: readonly Searched[]): string[][] {
  if (searched.length < 2) return []
  return searched.map(({what, drop, standardError, samples, sizeBytes, ms, held, chosen}) => {
    const points = `${(100 * drop).toFixed(2)} ± ${(200 * standardError).toFixed(2)} points on ${samples} samples`
    const verdict = `${held ? 'holds' : 'too much'}${chosen ? ', taken' : ''}`
    const cost = ms === null ? formatBytes(sizeBytes) : `${formatBytes(sizeBytes)}, ${ms.toPrecision(3)} ms`
    return ['searched', `${what}: ${cost}, a drop of ${points}: ${verdict}`]
  })
}

function keptText({output, value, measure, floor, sqnrDb, passed}: Omit<Tried, 'what' | 'chosen'>): string {
  if (output === null) return 'not judged'
  const kept =
    value === null
      ? `'${output}' at ${sqnrDb === null ? 'equal values' : `${sqnrDb.toFixed(1)} dB`}`
      : `'${output}' keeps ${formatPercent(value)} (${measure})`
  if (passed || floor === null || value === null) return kept
  // of few decisions, and drowned in noise
  if (value >= floor) return `${kept}, but of few decisions and at ${sqnrDb?.toFixed(1)} dB`
  return `${kept}, less than ${formatPercent(floor)}`
}
