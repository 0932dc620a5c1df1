import {basename} from 'node:path'
import type {SimplifyResult} from '../results.js'
import {countBy, headline, summary} from './writing-summary.js'

/** What `simplify` prints for people: the file, nodes before and after, what each rule did. */
export function simplifySummary(result: SimplifyResult, verbose: boolean): string {
  const {nodes, opset, changed} = result
  const facts = [['nodes', `${nodes.before} to ${nodes.after}`]]
  if (opset.before !== opset.after) facts.push(['opset', `${opset.before} to ${opset.after}`])
  if (changed.length > 0) facts.push(['rules', countBy(changed)])
  if (verbose) facts.push(...changed.map(({rule, node, op, from, to}) => [rule, described([op, node, from, to])]))
  return summary(result, facts, verbose, firstLine(result))
}

function firstLine(result: SimplifyResult): string {
  const {changed, dryRun, output} = result
  const file = basename(output.path)
  if (changed.length === 0) return `nothing to simplify${dryRun ? '' : `: ${file} is a copy of the input's graph`}`
  return dryRun ? `would write ${headline(result)}` : headline(result)
}

function described(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ')
}
