import {UsageError} from '../errors.js'
import type {BudgetCheck, BudgetResult, Fidelity} from '../results.js'
import {
  checkSpeedupLimit,
  type LatencyLimit,
  parseAgreementLimit,
  parseDropLimit,
  parseLatencyLimit,
  parseSizeLimit,
  parseSqnrLimit,
  type SizeLimit,
} from './budget-limits.js'
import type {Percentile} from './measurement.js'
import type {Estimate} from './statistics.js'

/** Limits as typed; see `BudgetOptions` of the pipelines. */
export interface BudgetText {
  readonly maxDrop?: string | undefined
  readonly maxSize?: string | undefined
  readonly minSpeedup?: number | undefined
  readonly maxLatency?: string | undefined
  readonly minAgreement?: string | undefined
  readonly minSqnr?: string | undefined
  readonly strict: boolean
}

/** Limits, understood. */
export interface Budget {
  readonly maxDrop?: number
  readonly maxSize?: SizeLimit
  readonly minSpeedup?: number
  readonly maxLatency?: LatencyLimit
  /** 0..1 */
  readonly minAgreement?: number
  /** dB */
  readonly minSqnr?: number
  /** The point decides, not the better end of the interval. */
  readonly strict: boolean
  readonly text: BudgetText
}

/** One measured model, with as much as is known: a budget that asks for what is missing is missed. */
export interface BudgetSubject {
  readonly model: string
  readonly provider: string
  readonly batch: number
  readonly threads: number
  /** Why there are no figures. */
  readonly failure?: string | undefined
  readonly sizeBytes: number
  /** Undefined when the model is judged alone. */
  readonly baselineSizeBytes?: number | undefined
  /** Milliseconds per run. */
  readonly latency?: Partial<Readonly<Record<Percentile, Estimate>>> | undefined
  /** Latency ÷ baseline's. */
  readonly ratio?: Estimate | undefined
  readonly metric?: MetricChange | undefined
  /** Its outputs beside the baseline's. */
  readonly fidelity?: Fidelity | undefined
}

/** A metric of the baseline and of the model judged against it. */
export interface MetricChange {
  readonly name: string
  readonly before: number
  /** null when it could not be judged. */
  readonly after: number | null
  readonly direction: 'higher' | 'lower'
  /** Whether values lie in 0..1: then the drop counts in absolute points, else relative to `before`. */
  readonly bounded: boolean
}

/** Sums of floating-point figures must not fail a limit that they meet exactly. */
const TOLERANCE = 1e-9

/** @throws UsageError for a limit that cannot mean anything. @returns undefined when there is no limit at all. */
export function parseBudget(text: BudgetText): Budget | undefined {
  const budget: Budget = {
    strict: text.strict,
    text,
    ...(text.maxDrop !== undefined && {maxDrop: parseDropLimit(text.maxDrop)}),
    ...(text.maxSize !== undefined && {maxSize: parseSizeLimit(text.maxSize)}),
    ...(text.minSpeedup !== undefined && {minSpeedup: checkSpeedupLimit(text.minSpeedup)}),
    ...(text.maxLatency !== undefined && {maxLatency: parseLatencyLimit(text.maxLatency)}),
    ...(text.minAgreement !== undefined && {minAgreement: parseAgreementLimit(text.minAgreement)}),
    ...(text.minSqnr !== undefined && {minSqnr: parseSqnrLimit(text.minSqnr)}),
  }
  const {text: _, strict: __, ...limits} = budget
  return Object.keys(limits).length > 0 ? budget : undefined
}

/** Whether a verdict is not all that the times are asked for. */
export function limitsTimes({minSpeedup, maxLatency}: Budget): boolean {
  return minSpeedup !== undefined || maxLatency !== undefined
}

/** @throws UsageError for a limit that compares two models when there is only one: call it before measuring. */
export function requireComparable(budget: Budget | undefined, modelCount: number): void {
  if (!budget || modelCount > 1) return
  const relative = [
    budget.maxDrop !== undefined && '--max-drop',
    budget.maxSize?.kind === 'share' && `--max-size ${budget.text.maxSize}`,
    budget.minSpeedup !== undefined && '--min-speedup',
    budget.minAgreement !== undefined && '--min-agreement',
    budget.minSqnr !== undefined && '--min-sqnr',
  ].filter((flag) => flag !== false)
  if (relative.length === 0) return
  throw new UsageError(`${relative.join(' and ')}: expected a baseline and a model to compare, got one model`, {
    hint: 'give the original model first, or use --max-size 4MB and --max-latency 5ms, which need no baseline',
  })
}

/**
 * Judges every subject by every limit. Times fail only when their whole 95 % interval is on the wrong side, with `strict` when
 * the measured point is; sizes and metrics have no such doubt. A subject without figures misses every limit.
 *
 * @returns one check per subject and limit; `actual` reads after "has".
 */
export function checkBudget(subjects: readonly BudgetSubject[], budget: Budget): BudgetResult {
  const checks = subjects.flatMap((subject) =>
    rulesOf(budget).map(({name, limit, judge}): BudgetCheck => {
      const {model, provider, batch, threads} = subject
      const {actual, passed} =
        subject.failure === undefined ? judge(subject) : {actual: `no result: ${subject.failure}`, passed: false}
      return {name, limit, actual, passed, model, provider, batch, threads}
    }),
  )
  return {passed: checks.every(({passed}) => passed), checks}
}

interface Judgement {
  readonly actual: string
  readonly passed: boolean
}

interface Rule {
  readonly name: BudgetCheck['name']
  /** As typed. */
  readonly limit: string
  judge(subject: BudgetSubject): Judgement
}

function rulesOf({maxDrop, maxSize, minSpeedup, maxLatency, minAgreement, minSqnr, strict, text}: Budget): Rule[] {
  const rules: Rule[] = []
  if (maxDrop !== undefined)
    rules.push({name: 'max-drop', limit: text.maxDrop ?? '', judge: (s) => judgeDrop(s, maxDrop)})
  if (maxSize) rules.push({name: 'max-size', limit: text.maxSize ?? '', judge: (s) => judgeSize(s, maxSize)})
  if (minSpeedup !== undefined) {
    rules.push({name: 'min-speedup', limit: String(minSpeedup), judge: (s) => judgeSpeedup(s, minSpeedup, strict)})
  }
  if (maxLatency) {
    rules.push({name: 'max-latency', limit: text.maxLatency ?? '', judge: (s) => judgeLatency(s, maxLatency, strict)})
  }
  if (minAgreement !== undefined) {
    const judge = (s: BudgetSubject) => judgeAgreement(s, minAgreement)
    rules.push({name: 'min-agreement', limit: text.minAgreement ?? '', judge})
  }
  if (minSqnr !== undefined)
    rules.push({name: 'min-sqnr', limit: text.minSqnr ?? '', judge: (s) => judgeSqnr(s, minSqnr)})
  return rules
}

function judgeDrop({metric}: BudgetSubject, limit: number): Judgement {
  if (!metric) return {actual: 'no metric: give --data to judge on', passed: false}
  const {name, before, after, bounded, direction} = metric
  if (after === null) return {actual: `no ${name}: the outputs could not be judged`, passed: false}
  const loss = direction === 'higher' ? before - after : after - before
  const drop = bounded ? loss : loss / Math.abs(before)
  // 0 ÷ 0: a model as perfect as the baseline lost nothing
  const passed = loss <= 0 || drop <= limit + TOLERANCE
  const change = bounded ? `${points(drop)} points` : `${percent(drop)} of ${figure(before)}`
  const verb = drop < 0 ? 'a gain' : 'a drop'
  return {actual: `${verb} of ${change.replace('-', '')} in ${name} (${figure(before)} to ${figure(after)})`, passed}
}

function judgeSize({sizeBytes, baselineSizeBytes}: BudgetSubject, limit: SizeLimit): Judgement {
  const bytes = `${sizeBytes.toLocaleString('en-US')} bytes`
  if (limit.kind === 'bytes') return {actual: bytes, passed: sizeBytes <= limit.bytes + TOLERANCE}
  if (!baselineSizeBytes) return {actual: `${bytes} and no baseline`, passed: false}
  const share = sizeBytes / baselineSizeBytes
  return {actual: `${percent(share)} of the baseline (${bytes})`, passed: share <= limit.share + TOLERANCE}
}

function judgeSpeedup({ratio}: BudgetSubject, limit: number, strict: boolean): Judgement {
  if (!ratio) return {actual: 'no speed-up: nothing was timed beside the baseline', passed: false}
  const [point, low, high] = [1 / ratio.point, 1 / ratio.high, 1 / ratio.low]
  const actual = `a speed-up of ${point.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
  return {actual, passed: (strict ? point : high) >= limit - TOLERANCE}
}

function judgeLatency({latency}: BudgetSubject, limit: LatencyLimit, strict: boolean): Judgement {
  const measured = latency?.[limit.percentile]
  if (!measured) return {actual: `no ${limit.percentile} latency`, passed: false}
  const {point, low, high} = measured
  const actual = `${limit.percentile} ${figure(point)} ms (${figure(low)} to ${figure(high)} ms)`
  return {actual, passed: (strict ? point : low) <= limit.ms + TOLERANCE}
}

function judgeAgreement({fidelity}: BudgetSubject, limit: number): Judgement {
  const share = fidelity?.agreement ?? null
  if (share === null) return {actual: `no agreement: ${whyNotJudged(fidelity)}`, passed: false}
  return {
    actual: `an agreement of ${percent(share)} in output '${fidelity?.worst}'`,
    passed: share >= limit - TOLERANCE,
  }
}

function judgeSqnr({fidelity}: BudgetSubject, limit: number): Judgement {
  const worst = fidelity?.outputs.find(({name}) => name === fidelity.worst)
  if (!fidelity || !worst) return {actual: 'no SQNR: nothing was compared', passed: false}
  if (fidelity.maxAbs === 0) return {actual: 'equal outputs', passed: true}
  const {sqnrDb} = fidelity
  if (sqnrDb === null) return {actual: `an output '${worst.name}' that is not finite`, passed: false}
  return {actual: `an SQNR of ${sqnrDb.toFixed(1)} dB in output '${worst.name}'`, passed: sqnrDb >= limit - TOLERANCE}
}

function whyNotJudged(fidelity: Fidelity | undefined): string {
  if (fidelity?.inputs === 'synthetic') return 'the inputs were made up, give --data to judge on'
  const [first] = fidelity?.outputs ?? []
  return first ? `output '${first.name}': ${first.reason}` : 'nothing was compared'
}

/** 0.0123 → `1.23`. */
function points(share: number): string {
  return (100 * share).toFixed(2)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'unknown'
}
