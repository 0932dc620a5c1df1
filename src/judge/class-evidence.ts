import {DataError} from '../errors.js'
import {classify} from '../metrics/classify.js'
import {labelledRows} from '../metrics/labelled-rows.js'
import {logProbabilities} from '../metrics/probabilities.js'
import {proportion} from '../metrics/wilson-interval.js'
import type {Evaluation} from '../runtime/evaluate/evaluate.js'

/** What a classifier's answers and the labels say about each other. Shares are in 0..1. */
export interface ClassEvidence {
  /** Answers with a label. */
  readonly rows: number
  readonly accuracy: {readonly value: number; readonly low: number; readonly high: number}
  /** Mean over the classes that occur of the share of their samples that is found: one answer for all gives 1 / classes. */
  readonly balanced: number
  /** Mean probability of the class that is chosen. */
  readonly confidence: number
  /** What guessing would reach on these labels at best, two standard errors added. */
  readonly chance: number
  /** Label that goes with each answer most often, where the pairs are one to one. */
  readonly order: Reordering | undefined
}

/** Answers and labels that belong together, under other numbers. */
export interface Reordering {
  /** Share of samples whose label is the partner of their answer. */
  readonly share: number
  /** By how much every label is larger than its answer; undefined when there is no such rule. */
  readonly shift: number | undefined
}

type Scores = Pick<Evaluation, 'data' | 'shape' | 'labels'>

/** @returns undefined where there are no class labels, or the outputs are no class scores: regression, boxes, embeddings. */
export function classEvidence({data, shape, labels}: Scores): ClassEvidence | undefined {
  if (!labels?.every(Number.isInteger)) return undefined
  try {
    const found = classify(data, shape, labels, 'top1')
    const {outputs, shape: rowShape} = labelledRows(data, shape, labels, 'top1')
    const {chosen, rows, labels: truth, classes} = found
    const table = tableOf(chosen, truth, classes)
    const hits = table.reduce((sum, row, c) => sum + (row[c] ?? 0), 0)
    const accuracy = proportion(hits, rows)
    const counts = Array.from({length: classes}, (_, label) => table.reduce((sum, row) => sum + (row[label] ?? 0), 0))
    return {
      rows,
      accuracy: {value: accuracy.value, low: accuracy.low ?? 0, high: accuracy.high ?? 1},
      balanced: mean(counts.flatMap((count, label) => (count > 0 ? [(table[label]?.[label] ?? 0) / count] : []))),
      confidence: confidenceOf(outputs, rowShape),
      chance: chanceOf(Math.max(...counts) / rows, rows),
      order: orderOf(table, rows),
    }
  } catch (error) {
    if (error instanceof DataError) return undefined
    throw error
  }
}

/** `[answer][label]` → samples. */
function tableOf(chosen: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number[][] {
  const table = Array.from({length: classes}, () => new Array<number>(classes).fill(0))
  for (let row = 0; row < chosen.length; row++) {
    const counts = table[chosen[row] as number]
    if (counts) counts[labels[row] as number] = (counts[labels[row] as number] ?? 0) + 1
  }
  return table
}

function confidenceOf(outputs: Float32Array, shape: readonly number[]): number {
  const {logs, classes} = logProbabilities(outputs, shape)
  const best: number[] = []
  for (let start = 0; start < logs.length; start += classes) {
    best.push(Math.exp(Math.max(...logs.subarray(start, start + classes))))
  }
  return mean(best.filter(Number.isFinite))
}

function chanceOf(share: number, rows: number): number {
  return share + 2 * Math.sqrt((share * (1 - share)) / rows)
}

/** Pairs each answer with its most frequent label. Two answers that share a label are no renumbering. */
function orderOf(table: readonly (readonly number[])[], rows: number): Reordering | undefined {
  const pairs = table.flatMap((row, answer) => {
    const most = Math.max(...row)
    return most > 0 ? [{answer, label: row.indexOf(most), most, answers: row.reduce((sum, n) => sum + n, 0)}] : []
  })
  // answers given once in a while say nothing
  const frequent = pairs.filter(({answers}) => answers * table.length * 4 >= rows)
  if (frequent.length < 2 || new Set(frequent.map(({label}) => label)).size < frequent.length) return undefined
  const shifts = new Set(frequent.map(({answer, label}) => label - answer))
  const share = frequent.reduce((sum, {most}) => sum + most, 0) / rows
  return {share, shift: shifts.size === 1 ? [...shifts][0] : undefined}
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
