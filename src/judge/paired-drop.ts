import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import type {Metric} from '../metrics/metric.js'
import type {Evaluation} from '../runtime/evaluate/evaluate.js'
import {rowsOf} from './judge.js'

/** How much worse a model is than another on the same samples, and how sure that is. */
export interface PairedDrop {
  /** Above 0 it is worse: in points of a metric in 0..1, else relative to the value before. */
  readonly drop: number
  /** Of the drop, over samples: both models answer the same ones, so that what both get wrong does not count. */
  readonly standardError: number
  readonly samples: number
}

/** Numbers to copy for all resamples together, under a second. */
const AFFORDABLE = 4e7
const [FEWEST, MOST] = [20, 200]

/**
 * The drop of a metric by labels, with its standard error by the paired bootstrap: samples are drawn anew with replacement, the same for
 * both models.
 *
 * @see Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 6.
 */
export function pairedDrop(metric: Metric, before: Evaluation, after: Evaluation): PairedDrop {
  const {samples} = after
  const dropIn = (rows?: readonly number[]) =>
    dropOf(metric, valueOn(metric, before, rows), valueOn(metric, after, rows))
  const generator = xoroshiro128plus(samples)
  const count = Math.max(
    FEWEST,
    Math.min(MOST, Math.floor(AFFORDABLE / Math.max(1, before.data.length + after.data.length))),
  )
  const drops = Array.from({length: count}, () =>
    dropIn(Array.from({length: samples}, () => uniformInt(generator, 0, samples - 1))),
  )
  return {drop: dropIn(), standardError: deviation(drops), samples}
}

/** A share of answers that are kept: 1 before. */
export function keptDrop(kept: number, samples: number): PairedDrop {
  return {drop: 1 - kept, standardError: Math.sqrt((kept * (1 - kept)) / Math.max(1, samples)), samples}
}

function dropOf({direction, bounded}: Metric, before: number, after: number): number {
  const loss = direction === 'higher' ? before - after : after - before
  return bounded ? loss : loss / Math.abs(before)
}

function valueOn(metric: Metric, {data, shape, labels, samples}: Evaluation, rows?: readonly number[]): number {
  if (!labels) return Number.NaN
  if (!rows) return metric.compute(data, rowsOf(shape), labels).value
  const [width, each] = [data.length / samples, labels.length / samples]
  const [values, targets] = [new Float32Array(data.length), new Float64Array(labels.length)]
  rows.forEach((row, i) => {
    values.set(data.subarray(row * width, (row + 1) * width), i * width)
    targets.set(labels.subarray(row * each, (row + 1) * each), i * each)
  })
  return metric.compute(values, rowsOf(shape), targets).value
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1))
}
