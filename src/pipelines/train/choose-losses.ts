import {UsageError} from '../../errors.js'
import type {Model} from '../../ir/model.js'
import type {Value} from '../../ir/value.js'
import type {Metric} from '../../metrics/metric.js'
import {METRICS} from '../../metrics/registry.js'
import type {TrainingOptions} from '../../options/training.js'
import {scoresOf} from '../../train/step/scores.js'
import type {ScoreKind} from '../../train/step/scores-of-probabilities.js'
import type {LossSpec} from '../../train/step/step-loss.js'
import type {WantedValue} from '../../train/teacher/teacher-request.js'
import type {FeaturePair} from './feature-pairs.js'
import {type Pair, pairOutputs, requireSameSizes} from './pair-outputs.js'
import {classesOf, type KindSources, kindForLabels, kindOf, labelsHint, requirePlaceForLabels} from './score-kind.js'

/** What a training makes smaller, and what it is judged by. */
export interface Objective {
  readonly losses: readonly LossSpec[]
  /** Values of the teacher that the losses read; the one behind the judged output is the first. */
  readonly taught: readonly WantedValue[]
  readonly metric: Metric
  /** What the judged output is. */
  readonly kind: ScoreKind
  /** It is taken as it is, with no activation of the model behind its scores. */
  readonly isRaw: boolean
  /** The student's output that labels and the metric are for. */
  readonly output: string
  /** Labels must be below this; undefined for numbers, and where it is not known. */
  readonly classes: number | undefined
  /** Share of the teacher beside labels; undefined without a teacher. */
  readonly alpha: number | undefined
}

/** What there is to learn from: a student in the form that is trained, a teacher as it is in its file, both with types. */
export interface Sources extends KindSources {
  /** The held-out samples have labels. */
  readonly isJudgedByLabels: boolean
}

interface Choices extends Pick<TrainingOptions, 'loss' | 'alpha' | 'temperature' | 'featureWeight'> {
  readonly metric?: string | undefined
  readonly outputName?: string | undefined
  readonly seed: number
  readonly features: readonly FeaturePair[]
}

/** Share of the teacher beside labels at most, and where both say numbers. */
const MOST_ALPHA = 0.9
/** Until the teacher was asked; see `withTemperature`. */
const ANY_TEMPERATURE = 1

/**
 * Decides what is compared with what. Labels are for one output; a teacher teaches all outputs that it has too, each with an equal
 * share: class scores by their softened probabilities, other numbers by their squares.
 *
 * @throws UsageError when there is nothing to learn from, or flags contradict each other; UnsupportedError for an output that the
 *   loss or the metric has no meaning for.
 */
export function chooseLosses(sources: Sources, choices: Choices): Objective {
  const {student, teacher, labels, labelShape} = sources
  const output = outputOf(student, choices.outputName, 'the model')
  const taughtKind = kindOf(output, sources, choices.loss)
  const kind = labels ? kindForLabels(output, sources, choices.loss) : taughtKind
  const classes = classesOf(output, kind, labelShape)
  const alpha = alphaOf(sources, choices, {output, classes})
  const pairs = teacher ? pairOutputs(student.graph, teacher.graph, output) : []
  const share = alpha / Math.max(1, pairs.length)
  // labels are for one output, and say nothing of the others
  const others = {...sources, labelShape: undefined}
  const taught = pairs.map((pair) =>
    taughtValue(pair, pair.student === output ? taughtKind : kindOf(pair.student, others, choices.loss)),
  )
  const losses: LossSpec[] = taught.map(({kind: own, name, output: of}) => {
    const place = {output: of, teacher: name, weight: share}
    return teacherLoss(own, place, {...choices, ...(of === output.name && {labelShape})})
  })
  if (labels && alpha < 1) {
    requirePlaceForLabels(output, kind, labelShape)
    losses.unshift(labelLoss(kind, {output: output.name, weight: 1 - alpha}, {...choices, labelShape}))
  }
  const features = choices.features.map((feature, index): LossSpec => {
    return {
      kind: 'feature',
      output: feature.student,
      teacher: feature.teacher,
      weight: choices.featureWeight,
      seed: choices.seed + index,
    }
  })
  const hidden = choices.features.map((feature): WantedValue => ({name: feature.teacher, kind: 'numbers'}))
  return {
    losses: [...losses, ...features],
    taught: [...taught.map(({name, kind: own}) => ({name, kind: own})), ...hidden],
    metric: metricOf(kind, sources, choices.metric),
    kind,
    isRaw: scoresOf(output).activation === undefined,
    output: output.name,
    classes,
    alpha: teacher && alpha,
  }
}

function alphaOf(
  {teacher, labels}: Sources,
  {alpha}: Choices,
  {output, classes}: {readonly output: Value; readonly classes: number | undefined},
): number {
  if (!teacher && !labels) {
    throw new UsageError('expected something to learn from, got neither labels nor a teacher', {
      hint: labelsHint(output),
    })
  }
  if (!teacher && alpha) {
    throw new UsageError(`--alpha ${alpha}: expected a teacher to learn from, got none`, {hint: 'Add --teacher FILE'})
  }
  if (!teacher) return 0
  if (labels) return alpha ?? teacherShare(classes)
  if (alpha === undefined || alpha === 1) return 1
  throw new UsageError(`--alpha ${alpha}: expected labels for the rest of the loss, found none`, {
    hint: 'Leave --alpha out to learn from the teacher alone, or name the labels with --labels FILE',
  })
}

/** A teacher says of a sample how likely each of the other classes is, K − 1 numbers; a label says one: shares of the loss like that. */
function teacherShare(classes: number | undefined): number {
  return classes === undefined ? MOST_ALPHA : Math.min(MOST_ALPHA, 1 - 1 / classes)
}

function outputOf({graph}: Model, wanted: string | undefined, whose: string): Value {
  const output = wanted === undefined ? graph.outputs[0] : graph.outputs.find(({name}) => name === wanted)
  if (output) return output
  throw new UsageError(`--output-name ${wanted}: ${whose} has no such output`, {
    hint: `Its outputs: ${graph.outputs.map(({name}) => name).join(', ')}`,
  })
}

function taughtValue({student, teacher}: Pair, kind: ScoreKind): WantedValue & {output: string} {
  const value = kind === 'numbers' ? teacher : scoresOf(teacher).value
  requireSameSizes(student, value, teacher)
  return {name: value.name, kind, output: student.name}
}

type Place = Pick<LossSpec, 'output' | 'teacher' | 'weight'>
type LossChoices = Pick<Choices, 'loss' | 'temperature'> & Pick<KindSources, 'labelShape'>

function teacherLoss(
  kind: ScoreKind,
  place: Place,
  {loss, temperature = ANY_TEMPERATURE, labelShape}: LossChoices,
): LossSpec {
  if (kind === 'classes') return {kind: 'distillation', temperature, ...perPosition(labelShape), ...place}
  if (kind === 'decisions') return {kind: 'binary', against: 'teacher', temperature, ...place}
  return {kind: loss === 'cosine' ? 'cosine' : 'mse', against: 'teacher', ...place}
}

function labelLoss(kind: ScoreKind, place: Place, {loss, labelShape}: LossChoices): LossSpec {
  if (kind === 'classes') return {kind: 'cross-entropy', ...perPosition(labelShape), ...place}
  if (kind === 'decisions') return {kind: 'binary', against: 'labels', ...place}
  return {kind: loss === 'cosine' ? 'cosine' : 'mse', against: 'labels', ...place}
}

function perPosition(labelShape: readonly number[] = []): Pick<KindSources, 'labelShape'> {
  return labelShape.length > 0 ? {labelShape} : {}
}

function metricOf(
  kind: ScoreKind,
  {isJudgedByLabels: hasLabels, teacher}: Sources,
  wanted: string | undefined,
): Metric {
  const name = wanted ?? (kind === 'numbers' ? 'rmse' : hasLabels || !teacher ? 'top1' : 'agreement')
  const metric = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined
  const usable = Object.values(METRICS).filter(({needs}) => {
    return needs === 'baseline' ? teacher !== undefined : hasLabels || (kind === 'numbers' && teacher !== undefined)
  })
  if (metric && usable.includes(metric)) return metric
  const known = usable.map((one) => one.name).join(', ')
  if (metric) {
    const lacks = metric.needs === 'baseline' ? 'a teacher to agree with' : 'labels of the held-out samples'
    throw new UsageError(`--metric ${name}: expected ${lacks}, found none`, {
      hint: known ? `Choose one of ${known}` : 'Name them with --eval-labels FILE',
    })
  }
  throw new UsageError(`--metric: expected one of ${known}, got '${name}'`)
}
