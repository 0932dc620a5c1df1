import type {BenchRow, Warning} from '../results.js'

/** What a reader of the figures should know before believing them. Each gives the warnings that apply, or none. */

/** CPU time under this share of the wall time at one thread means that somebody else had the core. */
const BUSY_SHARE = 0.9
/** Under this many runs p95 and p99 are just the largest. */
const FEW_RUNS = 20
const FEW_PROCESSES = 3
/** Zeros above this share were put there on purpose. */
const PRUNED_SPARSITY = 0.2

export interface RowFacts {
  readonly row: BenchRow
  /** CPU time ÷ wall time while it was timed; undefined when it was not. */
  readonly cpuShare?: number | undefined
  readonly isQuantized: boolean
  readonly isDynamic: boolean
}

export function syntheticInput(inputs: string): Warning {
  return {
    code: 'SYNTHETIC_INPUT',
    message: `synthetic input: ${inputs}`,
    hint: 'give real samples with --data to judge accuracy too',
  }
}

/** Once for the whole bench: the noise hits all models. */
function busyMachine(facts: readonly RowFacts[]): Warning[] {
  const shares = facts.flatMap(({row, cpuShare}) =>
    cpuShare !== undefined && row.provider === 'cpu' && row.threads === 1 ? [cpuShare] : [],
  )
  const lowest = Math.min(...shares, 1)
  if (lowest >= BUSY_SHARE) return []
  return [
    {
      code: 'BUSY_MACHINE',
      message: `the models had only ${Math.round(100 * lowest)} % of a core while they were timed: other programs are running`,
      hint: 'close them and run again; the intervals already carry this noise',
    },
  ]
}

function fewSamples(facts: readonly RowFacts[]): Warning[] {
  const measured = facts.flatMap(({row}) => (row.latencyMs ? [row.latencyMs] : []))
  const samples = Math.min(...measured.map((latency) => latency.samples))
  const processes = Math.min(...measured.map((latency) => latency.processes))
  const warnings: Warning[] = []
  if (samples < FEW_RUNS) {
    const message = `only ${samples} timed runs: p95 and p99 say little`
    warnings.push({code: 'FEW_RUNS', message, hint: 'raise --runs or --max-time'})
  }
  if (processes < FEW_PROCESSES) {
    const message = `only ${processes === 1 ? '1 process' : `${processes} processes`} per model: the interval of the speed-up is very wide or unknown`
    warnings.push({code: 'FEW_PROCESSES', message, hint: 'raise --runs or --max-time'})
  }
  return warnings
}

function int8OnWebgpu(facts: readonly RowFacts[]): Warning[] {
  const models = namesOf(facts.filter(({row, isQuantized}) => row.provider === 'webgpu' && isQuantized))
  if (models === '') return []
  return [
    {
      code: 'INT8_ON_WEBGPU',
      message: `webgpu computes int8 models in float, quantizers run on the CPU: ${models} cannot be faster there`,
      hint: 'use the float model on webgpu, int8 is for --provider cpu',
    },
  ]
}

/** Nodes that ran on the CPU although another provider was asked for. */
function strayNodes(facts: readonly RowFacts[]): Warning[] {
  const seen = new Set<string>()
  return facts.flatMap(({row}) => {
    const stray = row.provider === 'cpu' ? 0 : (row.nodesByProvider.cpu ?? 0)
    const key = `${row.model} ${row.provider}`
    if (stray === 0 || seen.has(key)) return []
    seen.add(key)
    const total = Object.values(row.nodesByProvider).reduce((sum, count) => sum + count, 0)
    const message = `${stray} of ${total} nodes of ${row.model} ran on the CPU instead of ${row.provider}`
    return [{code: 'NODES_ON_CPU', message, hint: 'every crossing between providers copies tensors'}]
  })
}

function dynamicBatch(facts: readonly RowFacts[]): Warning[] {
  const dynamic = facts.filter(({row, isDynamic}) => isDynamic && row.evalBatch !== null)
  const models = namesOf(dynamic)
  if (models === '') return []
  const batches = [...new Set(dynamic.map(({row}) => row.evalBatch))].join(' and ')
  return [
    {
      code: 'DYNAMIC_EVAL_BATCH',
      message: `${models} picks scales per run, so its outputs depend on the batch: evaluated at batch ${batches}`,
      hint: 'compare with other runs at the same --eval-batch only',
    },
  ]
}

function zerosWithoutSpeed(facts: readonly RowFacts[]): Warning[] {
  const slow = facts.filter(
    ({row}) =>
      (row.sparsity ?? 0) > PRUNED_SPARSITY && /^(slower|no difference)$/.test(row.relative?.latency?.verdict ?? ''),
  )
  const [first] = slow
  if (!first) return []
  const message = `zeros alone give no speed: ${namesOf(slow)} has ${Math.round(100 * (first.row.sparsity ?? 0))} % zeros and is not faster`
  return [{code: 'ZEROS_NOT_FASTER', message, hint: 'they make the compressed file smaller'}]
}

/** All that can be told from the rows. */
export function rowWarnings(facts: readonly RowFacts[]): Warning[] {
  return [busyMachine, fewSamples, strayNodes, int8OnWebgpu, dynamicBatch, zerosWithoutSpeed].flatMap((rule) =>
    rule(facts),
  )
}

function namesOf(facts: readonly RowFacts[]): string {
  return [...new Set(facts.map(({row}) => row.model))].join(', ')
}
