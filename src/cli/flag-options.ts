import {UsageError} from '../errors.js'
import type {WantedOutputKind} from './flag-values.js'

/** Parsed flags to the options of a pipeline: plain data with names in camel case. */

/** The values `Flags.*` gives for the groups of flags.ts. */
interface OutputFlagValues {
  readonly output?: string | undefined
  readonly force: boolean
  readonly 'external-data': 'auto' | 'always' | 'never'
  readonly verify: boolean
  readonly time: boolean
  readonly 'check-shape'?: readonly (readonly [string, readonly number[]])[] | undefined
}

interface DataFlagValues {
  readonly data?: string | undefined
  readonly eval?: string | undefined
  readonly labels?: string | undefined
  readonly 'eval-labels'?: string | undefined
  readonly limit?: number | undefined
  readonly offset: number
  readonly shuffle?: boolean | undefined
  readonly 'label-column'?: string | undefined
  readonly 'eval-limit'?: number | undefined
  readonly 'eval-offset': number
  readonly batch?: number | undefined
  readonly map?: readonly (readonly [string, string])[] | undefined
  readonly preprocess?: string | undefined
  readonly resize?: readonly [number, number] | undefined
  readonly channels?: 'gray' | 'rgb' | 'bgr' | undefined
  readonly layout?: 'nchw' | 'nhwc' | undefined
  readonly scale?: number | undefined
  readonly mean?: readonly number[] | undefined
  readonly std?: readonly number[] | undefined
}

interface ShapeFlagValues {
  readonly 'input-shape'?: readonly (readonly [string, readonly number[]])[] | undefined
  readonly dim?: readonly (readonly [string, number])[] | undefined
}

interface FeedFlagValues {
  readonly feed?: readonly (readonly [string, string])[] | undefined
}

interface RunFlagValues extends FeedFlagValues, ShapeFlagValues {
  readonly provider: string
  readonly threads: number
  readonly seed: number
}

interface JudgeFlagValues {
  readonly 'output-kind'?: readonly (readonly [string, WantedOutputKind])[] | undefined
  readonly metric?: string | undefined
  readonly 'output-name'?: string | undefined
}

interface BudgetFlagValues {
  readonly 'max-drop'?: string | undefined
  readonly 'max-size'?: string | undefined
  readonly 'min-speedup'?: number | undefined
  readonly 'max-latency'?: string | undefined
  readonly 'min-agreement'?: string | undefined
  readonly 'min-sqnr'?: string | undefined
  readonly budget?: string | undefined
  readonly strict: boolean
}

/** @throws UsageError for an input given twice. */
export function outputOptions(flags: OutputFlagValues) {
  const {output, force, verify, time} = flags
  const checkShapes = recordOf(flags['check-shape'] ?? [], 'check-shape')
  return {output, force, externalData: flags['external-data'], verify, time, checkShapes}
}

/** @throws UsageError for a name given twice, a standard deviation that is not positive, or labels of no data. */
export function dataOptions(flags: DataFlagValues) {
  requireOwner(flags, 'labels', 'data')
  requireOwner(flags, 'eval-labels', 'eval')
  return {
    data: flags.data,
    eval: flags.eval,
    labels: flags.labels,
    evalLabels: flags['eval-labels'],
    limit: flags.limit,
    offset: flags.offset,
    shuffle: flags.shuffle,
    evalLimit: flags['eval-limit'],
    evalOffset: flags['eval-offset'],
    batch: flags.batch,
    map: recordOf(flags.map ?? [], 'map'),
    labelColumn: flags['label-column'],
    preprocessFile: flags.preprocess,
    preprocess: preprocessOptions(flags),
  }
}

/** What a preprocessor_config.json says of these is not to be said twice. */
const IN_CONFIG = ['resize', 'scale', 'mean', 'std'] as const

function preprocessOptions({preprocess, resize, channels, layout, scale, mean, std}: DataFlagValues) {
  const flags = {resize, scale, mean, std}
  const twice = preprocess === undefined ? undefined : IN_CONFIG.find((name) => flags[name] !== undefined)
  if (twice) {
    throw new UsageError(`--${twice}: expected it in ${preprocess}, got both`, {
      hint: `Give --preprocess, with --channels and --layout if need be, or the single flags`,
    })
  }
  if (std?.some((value) => value <= 0)) {
    throw new UsageError(`--std: expected values above 0, got '${std.join(',')}'`)
  }
  return {
    ...(resize && {resize}),
    ...(channels && {channels}),
    ...(layout && {layout}),
    ...(scale !== undefined && {scale}),
    ...(mean && {mean}),
    ...(std && {std}),
  }
}

/** @throws UsageError for an input or a dimension given twice. */
export function shapeOptions(flags: ShapeFlagValues) {
  return {
    inputShapes: recordOf(flags['input-shape'] ?? [], 'input-shape'),
    dims: recordOf(flags.dim ?? [], 'dim'),
  }
}

/** @throws UsageError for an input given twice. */
export function feedOptions(flags: FeedFlagValues) {
  return {feed: recordOf(flags.feed ?? [], 'feed')}
}

/** @throws UsageError for an input or a dimension given twice. */
export function runOptions(flags: RunFlagValues) {
  const {provider, threads, seed} = flags
  return {provider, threads, seed, ...shapeOptions(flags), ...feedOptions(flags)}
}

/** @throws UsageError for an output given twice. */
export function judgeOptions(flags: JudgeFlagValues) {
  return {
    outputKinds: recordOf(flags['output-kind'] ?? [], 'output-kind'),
    metric: flags.metric,
    outputName: flags['output-name'],
  }
}

export function budgetOptions(flags: BudgetFlagValues) {
  return {
    maxDrop: flags['max-drop'],
    maxSize: flags['max-size'],
    minSpeedup: flags['min-speedup'],
    maxLatency: flags['max-latency'],
    minAgreement: flags['min-agreement'],
    minSqnr: flags['min-sqnr'],
    file: flags.budget,
    strict: flags.strict,
  }
}

function requireOwner(flags: DataFlagValues, flag: 'labels' | 'eval-labels', owner: 'data' | 'eval'): void {
  if (flags[flag] !== undefined && flags[owner] === undefined) {
    throw new UsageError(`--${flag}: expected --${owner} with it, got none`, {hint: `Add --${owner} FILE`})
  }
}

function recordOf<T>(pairs: readonly (readonly [string, T])[], flag: string): Record<string, T> {
  const record = new Map<string, T>()
  for (const [name, value] of pairs) {
    if (record.has(name)) throw new UsageError(`--${flag}: expected each name once, got '${name}' twice`)
    record.set(name, value)
  }
  return Object.fromEntries(record)
}
