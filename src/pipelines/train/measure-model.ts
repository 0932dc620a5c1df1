import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {DataError} from '../../errors.js'
import {judge as judgeModel, rowsOf} from '../../judge/judge.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import {againstTeacher} from '../../train/loop/judge-weights.js'
import {classesIn, isProbability} from '../../train/step/scores-of-probabilities.js'
import type {KeptTeacher} from '../../train/teacher/keep-teacher.js'
import {readTeacher} from '../../train/teacher/teacher-rows.js'
import type {Objective} from './choose-losses.js'

/** A metric of a model file on the held-out samples. */
export interface Measured {
  readonly value: number
  readonly samples: number
  /** All rows of the output are probabilities of classes. */
  readonly areProbabilities: boolean
  readonly peakRssBytes: number
}

export type MeasureModel = (path: string, label: string) => Promise<Measured>

export interface MeasureOptions {
  readonly judge: DataSpec
  readonly settings: SessionSettings
  /** Rows per run. */
  readonly batch: number
  /** What a teacher gave for the samples; read at once, the file may go. */
  readonly teacher: KeptTeacher | undefined
}

/**
 * How files are judged on held-out samples by the metric of a training: by labels, or for want of them by what the teacher gave.
 */
export function measureWith(
  {metric, output}: Objective,
  {judge, settings, batch, teacher}: MeasureOptions,
  {signal, progress}: Effects,
): MeasureModel {
  const wanted = teacher && !usesLabels(metric.needs, teacher.labels) ? readTeacher(teacher.cache) : undefined
  return async (path, label) => {
    const onProgress = (done: number, total: number): void => progress(label, done, total)
    const options = {data: judge, batch, outputName: output, signal, onProgress}
    const {answers, valueBy} = await judgeModel(path, settings, options)
    const {data, shape, labels, samples, peakRssBytes} = answers
    const facts = {samples, peakRssBytes, areProbabilities: isProbability(data, classesIn(shape.slice(1)))}
    if (wanted) return {...facts, value: againstTeacher(metric, data, shape, wanted)}
    if (!labels) throw new DataError(`${judge.path}: expected labels for the metric ${metric.name}, found none`)
    return {...facts, value: valueBy(metric, undefined)?.value ?? Number.NaN}
  }
}

/** The metric of the teacher itself: by labels, or as near to itself as can be. */
export function teacherMetric({metric}: Objective, {cache, labels}: KeptTeacher): number {
  const [first] = cache.values
  const shape = [cache.samples, ...(first?.shape ?? [])]
  const rows = readTeacher(cache)
  if (!usesLabels(metric.needs, labels)) return againstTeacher(metric, rows, shape, rows)
  return metric.compute(rows, rowsOf(shape), labels ?? new Float64Array()).value
}

/** Whether a metric is taken by labels, where there are some. */
export function usesLabels(needs: 'labels' | 'baseline', labels: Float64Array | undefined): boolean {
  return needs === 'labels' && labels !== undefined
}
