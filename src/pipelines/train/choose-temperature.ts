import {elementCount} from '../../ir/tensor.js'
import {classAxis} from '../../metrics/class-axis.js'
import type {LossSpec} from '../../train/step/step-loss.js'
import type {KeptTeacher} from '../../train/teacher/keep-teacher.js'
import {readSomeRows} from '../../train/teacher/teacher-rows.js'
import type {Objective} from './choose-losses.js'

/** Samples that a teacher's scores are looked at for, evenly spread. */
const SAMPLES = 200
/** Positions of theirs at most. */
const PLACES = 2000
/** Temperatures are taken in these steps, up to the one that most trainings of classifiers use. */
const STEP = 0.5
const HOTTEST = 4
/** Of all that scores of so many classes could leave open: softer ones say hardly more than that all classes are possible. */
const OPEN_SHARE = 0.5

/**
 * Writes the temperature into the losses that want one and have none: the highest of 1, 1.5 … 4 at which a teacher's scores leave open,
 * in the mean, at most half of what they could (entropy ≤ ½ log classes). A teacher that is nearly sure needs a high one before it
 * shows which classes are alike; one that is unsure, or chooses from thousands of words, says it at 1. Of two classes there is no
 * other one to be like: beside labels they are taken as they are.
 *
 * @param kept what the teacher gave for samples; a middle temperature without.
 */
export function withTemperature(objective: Objective, kept: KeptTeacher | undefined, wanted?: number): Objective {
  const temperature = wanted ?? (kept ? fittingTemperature(objective, kept) : HOTTEST / 2)
  const losses = objective.losses.map((loss): LossSpec => {
    const isSoftened = loss.kind === 'distillation' || (loss.kind === 'binary' && loss.against === 'teacher')
    return isSoftened ? {...loss, temperature} : loss
  })
  return {...objective, losses}
}

function fittingTemperature({kind, losses}: Objective, {cache}: KeptTeacher): number {
  const row = cache.values[0]?.shape ?? []
  const axis = classAxisOf(row, losses)
  const classes = kind === 'decisions' ? 2 : (row[axis] ?? 1)
  const hasLabels = losses.some(
    (loss) => loss.kind === 'cross-entropy' || ('against' in loss && loss.against === 'labels'),
  )
  if (kind === 'numbers' || classes < 2 || (classes === 2 && hasLabels)) return 1
  const rows = readSomeRows(cache, SAMPLES)
  const places = kind === 'decisions' ? [...rows].map((score) => [score, 0]) : scoresOfPlaces(rows, row, axis)
  let fitting = 1
  for (let temperature = 1; temperature <= HOTTEST; temperature += STEP) {
    const entropy = places.reduce((sum, scores) => sum + entropyOf(scores, temperature), 0) / places.length
    if (entropy > OPEN_SHARE * Math.log(classes)) break
    fitting = temperature
  }
  return fitting
}

/** In a sample's shape, as the loss finds it. */
function classAxisOf(row: readonly number[], losses: readonly LossSpec[]): number {
  const labelled = losses.find((loss) => 'labelShape' in loss)
  const labelShape = labelled && 'labelShape' in labelled ? labelled.labelShape : undefined
  const axis = labelShape && classAxis([1, ...row], labelShape)
  return axis === undefined ? (row.length > 2 ? 0 : row.length - 1) : axis - 1
}

/** The scores of the classes at every position of every sample; of many positions some. */
function scoresOfPlaces(rows: Float32Array, row: readonly number[], axis: number): number[][] {
  const classes = row[axis] ?? 1
  const stride = elementCount(row.slice(axis + 1))
  const count = rows.length / classes
  const every = Math.ceil(count / PLACES)
  return Array.from({length: Math.floor(count / every)}, (_, index) => {
    const place = index * every
    const start = Math.floor(place / stride) * stride * classes + (place % stride)
    return Array.from({length: classes}, (_one, one) => rows[start + one * stride] as number)
  })
}

/** Of the softmax of scores at a temperature, in nats. */
function entropyOf(scores: readonly number[], temperature: number): number {
  const peak = Math.max(...scores)
  const shifted = scores.map((score) => (score - peak) / temperature)
  const weights = shifted.map(Math.exp)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return Math.log(total) - weights.reduce((sum, weight, index) => sum + weight * (shifted[index] as number), 0) / total
}
