import type {OpenedModel} from '../../io/open-model.js'
import type {TrainingOptions} from '../../options/training.js'
import type {TrainingFacts} from '../../results.js'
import type {LossSpec} from '../../train/step/step-loss.js'
import {bytesOf, isHeld} from '../../train/teacher/teacher-rows.js'
import type {Objective} from './choose-losses.js'
import type {TrainedModel} from './training-job.js'

/** What is told of a training that is done. @param teacher what it learned from, beside labels or in their place. */
export function factsOf(
  trained: TrainedModel,
  teacher: OpenedModel | undefined,
  options: TrainingOptions,
): TrainingFacts {
  const {history, bestEpoch, steps, stopped, objective, learningRate} = trained
  return {
    teacher: teacher ? {path: teacher.path, sizeBytes: teacher.sizeBytes} : null,
    teacherOutputs: teacher ? teacherOutputs(trained) : null,
    history: history.map(({epoch, loss, metric, heldOutLoss, learningRate: rate, samplesPerSecond}) => {
      const tie = heldOutLoss === undefined ? {} : {heldOutLoss}
      return {epoch, trainLoss: loss, metric: metric ?? null, ...tie, learningRate: rate, samplesPerSecond}
    }),
    bestEpoch,
    steps,
    ...(learningRate && {
      learningRate: {
        value: learningRate.value,
        chosen: options.learningRate === 'auto' ? 'auto' : 'given',
        tried: [...learningRate.tried],
      },
    }),
    teaching: teachingOf(objective, options),
    losses: objective.losses.filter(({weight}) => weight !== 0).map(lossText),
    stopped: stopped ?? null,
  }
}

/** What the flags left open and was decided, for the record of the training. */
export function chosenBy(
  {learningRate, objective}: TrainedModel,
  options: TrainingOptions,
): {readonly chosen?: Readonly<Record<string, number>>} {
  const {alpha, temperature, chosen = []} = teachingOf(objective, options) ?? {}
  const decided = {
    ...(options.learningRate === 'auto' && learningRate && {learningRate: learningRate.value}),
    ...(chosen.includes('alpha') && alpha !== undefined && {alpha}),
    ...(chosen.includes('temperature') && typeof temperature === 'number' && {temperature}),
  }
  return Object.keys(decided).length > 0 ? {chosen: decided} : {}
}

function teachingOf(
  {alpha, losses}: Objective,
  options: TrainingOptions,
): NonNullable<TrainingFacts['teaching']> | null {
  if (alpha === undefined) return null
  const temperatures = losses.flatMap((loss) => ('temperature' in loss ? [loss.temperature ?? 1] : []))
  const [temperature = null] = temperatures
  const isOpen = {
    alpha: options.alpha === undefined,
    temperature: options.temperature === undefined && temperature !== null,
  }
  const chosen = (['alpha', 'temperature'] as const).filter((name) => isOpen[name])
  return {alpha, temperature, chosen}
}

function teacherOutputs({teacherCache}: TrainedModel): TrainingFacts['teacherOutputs'] {
  if (!teacherCache) return {kept: 'graph', bytes: 0}
  return {kept: isHeld(teacherCache) ? 'memory' : 'disk', bytes: bytesOf(teacherCache)}
}

/** `0.9 x distillation of 'logits', temperature 4` */
function lossText(loss: LossSpec): string {
  const weight = loss.weight === undefined || loss.weight === 1 ? '' : `${Number(loss.weight.toPrecision(4))} x `
  const against =
    loss.kind === 'feature' ? `'${loss.teacher}' ` : 'against' in loss && loss.against === 'teacher' ? 'teacher ' : ''
  const temperature = 'temperature' in loss ? `, temperature ${loss.temperature}` : ''
  return `${weight}${against}${loss.kind} of '${loss.output ?? ''}'${temperature}`
}
