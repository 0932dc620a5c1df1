import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {UsageError} from '../errors.js'
import type {Metric, MetricResult} from '../metrics/metric.js'
import {METRICS} from '../metrics/registry.js'

/**
 * A metric by its name, or from the user's own module: a default export, or one named `metric`, that is a function
 * `(outputs, shape, labels) => number` or an object like those of src/metrics.
 *
 * @throws UsageError for an unknown name, or a module that cannot be used.
 */
export async function loadMetric(name: string): Promise<Metric> {
  const known = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined
  if (known) return known
  if (/\.[cm]?js$/.test(name)) return fromModule(name)
  throw new UsageError(
    `--metric ${name}: expected ${Object.keys(METRICS).join(', ')}, or a module such as ./my-metric.mjs`,
  )
}

async function fromModule(path: string): Promise<Metric> {
  const metric = toMetric(path, await exportOf(path))
  const compute: Metric['compute'] = (outputs, shape, reference) =>
    checked(
      path,
      attempt(path, () => metric.compute(outputs, shape, reference)),
    )
  return {...metric, compute}
}

/** What the user's function throws is not a bug of mopt. */
function attempt(path: string, compute: () => MetricResult): MetricResult {
  try {
    return compute()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`--metric ${path}: expected compute to return a number, it threw: ${reason}`, {
      cause,
      hint: 'It is called as compute(outputs, shape, labels); DEBUG=mopt shows where it threw',
    })
  }
}

async function exportOf(path: string): Promise<unknown> {
  try {
    const module: {default?: unknown; metric?: unknown} = await import(pathToFileURL(resolve(path)).href)
    return module.default ?? module.metric
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)
    throw new UsageError(`--metric ${path}: expected a module that can be imported, got: ${reason}`, {cause})
  }
}

function toMetric(path: string, exported: unknown): Metric {
  const name = path.replace(/^.*[\\/]/, '').replace(/\.[cm]?js$/, '')
  const defaults = {name, direction: 'higher', bounded: false, needs: 'labels'} as const
  if (typeof exported === 'function') return {...defaults, name, compute: computeOf(exported as Compute)}
  if (isRecord(exported) && typeof exported.compute === 'function') {
    return {
      name: typeof exported.name === 'string' ? exported.name : name,
      direction: exported.direction === 'lower' ? 'lower' : 'higher',
      bounded: exported.bounded === true,
      needs: exported.needs === 'baseline' ? 'baseline' : 'labels',
      compute: computeOf(exported.compute.bind(exported) as Compute),
    }
  }
  throw new UsageError(`--metric ${path}: expected a default export that computes a metric, got ${typeof exported}`, {
    hint: 'export default {direction: "higher", bounded: true, compute: (outputs, shape, labels) => 0.9}',
  })
}

/** What users write is not typed: its result is checked at each call. */
type Compute = (...args: readonly unknown[]) => unknown

function computeOf(compute: Compute): Metric['compute'] {
  return (outputs, shape, reference) => {
    const result = compute(outputs, shape, reference)
    return (typeof result === 'number' ? {value: result} : result) as MetricResult
  }
}

function checked(path: string, result: MetricResult): MetricResult {
  if (isRecord(result) && typeof result.value === 'number') return result
  throw new UsageError(
    `--metric ${path}: expected a number or {value: number}, got ${JSON.stringify(result) ?? typeof result}`,
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
