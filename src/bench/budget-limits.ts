import {UsageError} from '../errors.js'
import {PERCENTILES, type Percentile} from './measurement.js'

/** The limits a budget may be typed as. Each parser throws a UsageError that names the flag and the forms it takes. */

export type SizeLimit =
  | {readonly kind: 'bytes'; readonly bytes: number}
  | {readonly kind: 'share'; readonly share: number}

export interface LatencyLimit {
  readonly percentile: Percentile
  readonly ms: number
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}

const TIME_UNITS: Readonly<Record<string, number>> = {ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3}

/** `1%` or `0.01`. @returns the share, 0.01. */
export function parseDropLimit(text: string): number {
  const {value, unit} = quantityOf(text)
  if (unit === '%') return value / 100
  if (unit === '' && value <= 1) return value
  const hint = unit === '' && value <= 100 ? `did you mean --max-drop ${value}%?` : undefined
  throw wrong('max-drop', 'a share such as 1% or 0.01', text, hint)
}

/** `30%` of the baseline's size, or bytes as `4MB` (10^6), `4MiB` (2^20), `400000B`. */
export function parseSizeLimit(text: string): SizeLimit {
  const {value, unit} = quantityOf(text)
  if (unit === '%') return {kind: 'share', share: value / 100}
  const bytes = SIZE_UNITS[unit]
  if (bytes && value > 0) return {kind: 'bytes', bytes: value * bytes}
  const hint = unit === '' && value > 0 ? `did you mean --max-size ${value <= 1 ? value * 100 : value}%?` : undefined
  throw wrong('max-size', 'a share of the baseline such as 30%, or a size such as 4MB or 4MiB', text, hint)
}

/** `5ms` for the median, or another percentile as in `p95=5ms`; units ns, us, ms, s. */
export function parseLatencyLimit(text: string): LatencyLimit {
  const [, name = 'p50', time = ''] = /^(?:(p\d+)=)?(.*)$/.exec(text.trim()) ?? []
  const percentile = PERCENTILES.find((known) => known === name)
  const {value, unit} = quantityOf(time)
  const factor = TIME_UNITS[unit]
  if (percentile && factor && value > 0) return {percentile, ms: value * factor}
  const hint = percentile && unit === '' && value > 0 ? `did you mean --max-latency ${text.trim()}ms?` : undefined
  throw wrong(
    'max-latency',
    `a time such as 5ms or 800us, or ${PERCENTILES.slice(1).join(', ')} as in p95=5ms`,
    text,
    hint,
  )
}

/** `98%` or `0.98`. @returns the share, 0.98. */
export function parseAgreementLimit(text: string): number {
  const {value, unit} = quantityOf(text)
  if (unit === '%' && value <= 100) return value / 100
  if (unit === '' && value <= 1) return value
  const hint = unit === '' && value <= 100 ? `did you mean --min-agreement ${value}%?` : undefined
  throw wrong('min-agreement', 'a share such as 98% or 0.98', text, hint)
}

/** `20dB`, or `20`. @returns decibels. */
export function parseSqnrLimit(text: string): number {
  const {value, unit} = quantityOf(text)
  if ((unit === '' || unit.toLowerCase() === 'db') && Number.isFinite(value)) return value
  throw wrong('min-sqnr', 'decibels such as 20dB', text)
}

/** @throws UsageError unless it is a positive, finite number. */
export function checkSpeedupLimit(value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw wrong('min-speedup', 'a factor above 0, such as 1.5', String(value))
}

/** A non-negative number and what stands after it; NaN, which passes no check, when it is no number. */
function quantityOf(text: string): {value: number; unit: string} {
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-zµA-Z%]*)\s*$/.exec(text) ?? []
  return {value: digits === '' ? Number.NaN : Number(digits), unit: digits === '' ? '?' : unit}
}

function wrong(flag: string, expected: string, got: string, hint?: string): UsageError {
  return new UsageError(`--${flag}: expected ${expected}, got '${got}'`, {hint})
}
