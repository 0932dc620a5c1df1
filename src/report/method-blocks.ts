import type {BenchResult, BenchRow} from '../results.js'
import {type Block, list, section, type TableBlock, table} from './document.js'
import {counted, percentText} from './figures.js'

/** The end of a report: what a reader needs to trust the figures and to get them again. */
export function methodBlocks(result: BenchResult): Block[] {
  const bullets = [
    timing(result.results),
    speedup(result),
    ...accuracy(result),
    ...placement(result.results),
    `Inputs while timing: ${result.method.inputs}.`,
    'Size is the file with its external data, gzipped at level 6 beside it; zeros are the share of zeros among all parameters.',
    'Peak memory is the largest resident set of the processes that were timed, Node.js and the runtime included.',
  ]
  const command = {kind: 'command', line: result.method.commandLine} as const
  const said = list(bullets.filter((line) => line !== ''))
  return section('How this was measured', [...said, command, machineTable(result)])
}

function timing(rows: readonly BenchRow[]): string {
  const measured = rows.flatMap(({latencyMs}) => (latencyMs ? [latencyMs] : []))
  if (measured.length === 0) return ''
  const [low, high] = bounds(measured.map(({samples}) => samples))
  const [few, many] = bounds(measured.map(({processes}) => processes))
  const runs = low === high ? counted(low, 'timed run') : `${count(low)} to ${counted(high, 'timed run')}`
  const processes = few === many ? counted(few, 'fresh process') : `${few} to ${counted(many, 'fresh process')}`
  return `Each model ran in child processes of its own: ${runs} in ${processes} per row, after a warm-up, the models taking turns in short blocks (A B, then B A), with waiting threads asleep (no spinning). p50 and p95 are percentiles over all of these runs.`
}

function speedup({results, method}: BenchResult): string {
  if (!results.some(({relative}) => relative?.latency)) return ''
  const effect = percentText(method.minEffect)
  return `Speed-up is the baseline's latency divided by the model's: per pair of processes the quotient of the medians over all runs, then the geometric mean over the pairs with Student's 95 % interval. It says faster or slower only when the whole interval is beyond ${effect}.`
}

function accuracy({results, method: {metric}}: BenchResult): string[] {
  if (!metric) return []
  const batches = [...new Set(results.flatMap(({evalBatch}) => evalBatch ?? []))]
  const batch = batches.length > 0 ? `, evaluated at batch ${batches.join(' or ')}` : ''
  const change = metric.bounded ? 'changes in points (hundredths)' : 'changes in its own unit'
  return [`${metric.name} is over ${counted(metric.samples, 'sample')} of ${metric.data}${batch}; ${change}.`]
}

/** Where nodes ran, worth a line only when something ran elsewhere than asked. */
function placement(rows: readonly BenchRow[]): string[] {
  const strayed = rows.filter((row) => Object.keys(row.nodesByProvider).length > 1)
  const lines = strayed.map((row) => {
    const nodes = Object.entries(row.nodesByProvider).map(([provider, nodeCount]) => `${nodeCount} on ${provider}`)
    return `Nodes of \`${row.model}\` on ${row.provider}: ${nodes.join(', ')}.`
  })
  return [...new Set(lines)]
}

function machineTable({machine}: BenchResult): TableBlock {
  const rows = [
    ['CPU', `${machine.cpu}, ${counted(machine.cores, 'core')}`],
    ['features', machine.features.join(', ') || 'none that matter'],
    ['system', machine.os],
    ['Node.js', machine.node],
    ['ONNX Runtime', machine.onnxruntime],
  ]
  return table({head: ['machine', ''], rows})
}

function bounds(values: readonly number[]): [low: number, high: number] {
  return [Math.min(...values), Math.max(...values)]
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
