import {basename} from 'node:path'
import type {MetricPair, PruneResult, QuantizeResult, Timing, Tuned} from '../results.js'
import {fidelityRows} from './fidelity-rows.js'
import {formatBytes, formatCount, formatPercent} from './format.js'
import {searchedRows, triedRows} from './plan-summary.js'
import {bold, table} from './table.js'
import {trainingRows} from './training-rows.js'

/** What verbs that write a model print for people. A result that is slower or larger than its input says so first. */

export function quantizeSummary(result: QuantizeResult, verbose: boolean): string {
  const layers = countBy(result.changed.filter(({to}) => to !== undefined && NUMBER_TYPES.has(to)))
  const how = result.rounding === null ? result.mode : `${result.mode}, rounding by ${result.rounding}`
  const facts = [
    ['quantized', `${layers === '' ? 'nothing' : layers} (${how}, for ${result.cpu})`],
    ...triedRows(result.tried),
    ...searchedRows(result.searched),
    ...tunedRows(result.tuned ?? []),
  ]
  return summary(result, verbose ? [...facts, ...changedRows(result.changed)] : facts, verbose)
}

/** What `--tune` timed: alternatives by question, the kept one marked. */
function tunedRows(tuned: readonly Tuned[]): string[][] {
  return tuned.map(({question, alternative, ratio, low, high, kept}) => {
    const figures =
      ratio === null || low === null || high === null
        ? 'does not run'
        : `speed-up ${(1 / ratio).toFixed(2)}x (${(1 / high).toFixed(2)} to ${(1 / low).toFixed(2)})`
    return ['tuned', `${question}: ${alternative}, ${figures}${kept ? ', kept' : ''}`]
  })
}

export function pruneSummary(result: PruneResult, verbose: boolean): string {
  const {groups, compressedBytes, training} = result
  const facts = result.removed ? removedRows(result, verbose) : [['pruned', zerosText(result)]]
  if (compressedBytes) {
    const {before, after} = compressedBytes
    facts.push(['compressed', `${formatBytes(before)} to ${formatBytes(after)} (gzip)`])
  }
  if (training) facts.push(...trainingRows(training, verbose))
  if (verbose) facts.push(...groups.map(({node, sparsity: share}) => [node, `${formatPercent(share)} zeros`]))
  return summary(result, facts, verbose)
}

/** What went, and what is left of parameters and products. */
function removedRows({removed, sparsity, parameters, macs}: PruneResult, verbose: boolean): string[][] {
  const groups = removed ?? []
  const gone = groups.reduce((sum, {size, kept}) => sum + size - kept.length, 0)
  const kinds = countBy(
    groups.flatMap(({kind, size, kept}) => Array.from({length: size - kept.length}, () => ({rule: `${kind}s`}))),
  )
  const share = (before: number, after: number) => `${formatPercent(after / before)} of ${formatCount(before)}`
  const rows = [
    [
      'removed',
      gone === 0
        ? 'nothing: no group gives a whole step'
        : `${kinds} in ${groups.length} groups: ${formatPercent(sparsity)} of all`,
    ],
    ['parameters', share(parameters.before, parameters.after)],
  ]
  if (macs.before !== null && macs.after !== null) rows.push(['MACs', share(macs.before, macs.after)])
  if (verbose) rows.push(...groups.map(({node, size, kept}) => [node, `${kept.length} of ${size} units left`]))
  return rows
}

/** `30 % of the values in 3 weights are zero`, and what was asked for and there before where that is something else. */
function zerosText({sparsity, asked, groups}: PruneResult): string {
  const weights = `${groups.length} ${groups.length === 1 ? 'weight' : 'weights'}`
  const text = `${formatPercent(sparsity)} of the values in ${weights} are zero`
  if (sparsity === asked.sparsityBefore) return `nothing: ${text} already, ${formatPercent(asked.sparsity)} asked for`
  const before = asked.sparsityBefore > 0 ? [`${formatPercent(asked.sparsityBefore)} before`] : []
  const isOther = Math.abs(sparsity - asked.sparsity) >= 5e-5
  const more = [...before, ...(isOther ? [`${formatPercent(asked.sparsity)} asked for`] : [])]
  return more.length > 0 ? `${text}, ${more.join(', ')}` : text
}

/** With --verbose: every change, by the rule that made it. */
function changedRows(changed: QuantizeResult['changed']): string[][] {
  return changed.map(({rule, node, op, from, to}) => {
    const types = from !== undefined && to !== undefined ? `${from} to ${to}` : to
    return [rule, [op, node, types].filter((part) => part !== undefined).join(' ')]
  })
}

/** What all of them have in common. */
export type WritingResult = Pick<
  QuantizeResult,
  'input' | 'output' | 'fidelity' | 'timing' | 'metric' | 'skipped' | 'changed' | 'warnings'
>

/** The first line, then a table: the verb's own facts, what the proof found, what was left alone. */
export function summary(
  result: WritingResult,
  facts: readonly string[][],
  verbose: boolean,
  first = headline(result),
): string {
  const {fidelity, timing, metric, skipped} = result
  const rows = [...facts]
  if (fidelity) rows.push(...fidelityRows(fidelity, verbose))
  if (timing) rows.push(['latency', timingText(timing)])
  if (metric) rows.push([metric.name, metricText(metric)])
  rows.push(...skippedRows(skipped, verbose))
  return `${bold(first)}\n${table(['', ''], rows)}`
}

/** File and size; `SLOWER` or `LARGER` in front where that is so. */
export function headline({input, output, timing, warnings}: WritingResult): string {
  const size = `${basename(output.path)}: ${formatBytes(output.sizeBytes)}, ${sizeText(input.sizeBytes, output.sizeBytes)}`
  if (timing?.verdict === 'slower') return `SLOWER ${size}, ${timing.ratio.toFixed(2)}x the latency`
  return warnings.some(({code}) => code === 'LARGER') ? `LARGER ${size}` : size
}

/** `25 % of 1.71 MB`; where percent would not show it, the bytes: `120 bytes more than the input`. */
function sizeText(before: number, after: number): string {
  const bytes = Math.abs(after - before)
  if (bytes === 0) return 'as large as the input'
  if (bytes >= before / 200) return `${formatPercent(after / before)} of ${formatBytes(before)}`
  return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'} ${after > before ? 'more' : 'less'} than the input`
}

function timingText({before, after, ratio, low, high, verdict}: Timing): string {
  const factors = `${(1 / ratio).toFixed(2)}x (${(1 / high).toFixed(2)} to ${(1 / low).toFixed(2)})`
  return `${figure(before, 3)} to ${figure(after, 3)} ms, speed-up ${factors}: ${verdict}`
}

function metricText({before, after, samples}: NonNullable<MetricPair>): string {
  if (after === null) return `not judged, on ${samples} samples`
  return `${before.toFixed(4)} to ${after.toFixed(4)} on ${samples} samples`
}

/** Reasons with how many nodes they hold for; with --verbose every node. */
function skippedRows(skipped: QuantizeResult['skipped'], verbose: boolean): string[][] {
  if (verbose) return skipped.map(({node, op, reason}) => ['left as it is', `${op} '${node}': ${reason}`])
  const groups = new Map<string, string[]>()
  for (const {node, op, reason} of skipped) groups.set(reason, [...(groups.get(reason) ?? []), `${op} '${node}'`])
  const rows = [...groups].map(([reason, nodes]) => {
    const more = nodes.length > 1 ? ` and ${nodes.length - 1} more` : ''
    return ['left as it is', `${nodes[0]}${more}: ${reason}`]
  })
  const hidden = rows.length - SKIPPED_ROWS
  return hidden > 0 ? [...rows.slice(0, SKIPPED_ROWS), ['', `and ${hidden} more reasons, see --verbose`]] : rows
}

/** A model can have a reason of its own for every node. */
const SKIPPED_ROWS = 12

/** What numbers become; other changes are of the graph. */
const NUMBER_TYPES: ReadonlySet<string> = new Set(['int8', 'uint8', 'int4', 'uint4', 'float16'])

/** `18 dynamic, 2 embedding`. */
export function countBy(changes: readonly {rule: string}[]): string {
  const counts = new Map<string, number>()
  for (const {rule} of changes) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return [...counts].map(([rule, count]) => `${count} ${rule}`).join(', ')
}

function figure(value: number | null, digits: number): string {
  return value === null ? 'not finite' : value.toPrecision(digits)
}
