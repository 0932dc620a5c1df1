import {UnsupportedError, UsageError} from '../errors.js'
import type {Model} from '../ir/model.js'
import type {Value} from '../ir/value.js'
import type {Metric} from '../metrics/metric.js'
import {METRICS} from '../metrics/registry.js'
import type {WantedValue} from '../train/keep-teacher.js'
import {scoresOf} from '../train/scores.js'
import type {ScoreKind} from '../train/scores-of-probabilities.js'
import type {LossSpec} from '../train/step-loss.js'
import type {FeaturePair} from './feature-pairs.js'
import type {TrainingOptions} from './training-options.js'

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
}

/** What there is to learn from. */
export interface Sources {
  /** In the form that is trained, with types. */
  readonly student: Model
  /** As it is in its file, with types. */
  readonly teacher: Model | undefined
  readonly labels: Float64Array | undefined
  /** The held-out samples have labels. */
  readonly isJudgedByLabels: boolean
}

interface Choices
  extends Pick<TrainingOptions, 'loss' | 'alpha' | 'temperature' | 'featureWeight' | 'metric' | 'outputName' | 'seed'> {
  readonly features: readonly FeaturePair[]
}

/** Share of the teacher beside labels. */
const ALPHA = 0.9

/**
 * Decides what is compared with what. Labels are for one output; a teacher teaches all outputs that it has too, each with an equal
 * share: class scores by their softened probabilities, other numbers by their squares.
 *
 * @throws UsageError when there is nothing to learn from, or flags contradict each other; UnsupportedError for an output that the
 *   loss or the metric has no meaning for.
 */
export function chooseLosses(sources: Sources, choices: Choices): Objective {
  const {student, teacher, labels} = sources
  const alpha = alphaOf(sources, choices)
  const output = outputOf(student, choices.outputName, 'the model')
  const taughtKind = kindOf(output, sources, choices)
  const kind = labels ? kindForLabels(output, taughtKind, sources, choices) : taughtKind
  const pairs = teacher ? pairOutputs(sources, output) : []
  const share = alpha / Math.max(1, pairs.length)
  const taught = pairs.map((pair) =>
    taughtValue(pair, pair.student === output ? taughtKind : kindOf(pair.student, sources, choices)),
  )
  const losses: LossSpec[] = taught.map(({kind: own, name, output: of}) =>
    teacherLoss(own, {output: of, teacher: name, weight: share}, choices),
  )
  if (labels && alpha < 1) {
    requireOneNumber(output, kind)
    losses.unshift(labelLoss(kind, {output: output.name, weight: 1 - alpha}, choices))
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
    classes: classesOf(output, kind),
  }
}

function classesOf(output: Value, kind: ScoreKind): number | undefined {
  if (kind === 'decisions') return 2
  const [size] = rowOf(output) ?? []
  return kind === 'classes' && typeof size === 'number' ? size : undefined
}

function alphaOf({teacher, labels}: Sources, {alpha}: Choices): number {
  if (!teacher && !labels) {
    throw new UsageError('expected something to learn from, got neither labels nor a teacher', {
      hint: 'Give labels with --labels FILE, or the model to learn from with --teacher FILE',
    })
  }
  if (!teacher && alpha) {
    throw new UsageError(`--alpha ${alpha}: expected a teacher to learn from, got none`, {hint: 'Add --teacher FILE'})
  }
  if (!teacher) return 0
  if (labels) return alpha ?? ALPHA
  if (alpha === undefined || alpha === 1) return 1
  throw new UsageError(`--alpha ${alpha}: expected labels for the rest of the loss, found none`, {
    hint: 'Leave --alpha out to learn from the teacher alone, or name the labels with --labels FILE',
  })
}

function outputOf({graph}: Model, wanted: string | undefined, whose: string): Value {
  const output = wanted === undefined ? graph.outputs[0] : graph.outputs.find(({name}) => name === wanted)
  if (output) return output
  throw new UsageError(`--output-name ${wanted}: ${whose} has no such output`, {
    hint: `Its outputs: ${graph.outputs.map(({name}) => name).join(', ')}`,
  })
}

interface Pair {
  readonly student: Value
  readonly teacher: Value
}

/** Outputs of the same name; or, where names differ, the judged ones, and the others by their places when there are as many. */
function pairOutputs({student, teacher}: Sources, judged: Value): Pair[] {
  const own = student.graph.outputs.filter(isFloats)
  const others = teacher?.graph.outputs ?? []
  const named = own.flatMap((output) => {
    const other = others.find(({name}) => name === output.name)
    return other ? [{student: output, teacher: other}] : []
  })
  const byName = named.filter((pair) => pair.student === judged)
  if (byName.length > 0) return [...byName, ...named.filter((pair) => pair.student !== judged)]
  const outputs = student.graph.outputs
  if (outputs.length !== others.length) return others[0] ? [{student: judged, teacher: others[0]}] : []
  const byPlace = outputs.map((output, index) => ({student: output, teacher: others[index] as Value}))
  const kept = byPlace.filter((pair) => pair.student === judged || isFloats(pair.student))
  return [...kept.filter((pair) => pair.student === judged), ...kept.filter((pair) => pair.student !== judged)]
}

function isFloats({type}: Value): boolean {
  return type?.kind === 'tensor' && /float/.test(type.dtype ?? 'float')
}

function taughtValue({student, teacher}: Pair, kind: ScoreKind): WantedValue & {output: string} {
  const value = kind === 'numbers' ? teacher : scoresOf(teacher).value
  requireSameSizes(student, value, teacher)
  return {name: value.name, kind, output: student.name}
}

/** Where both are known, a row of the teacher's must be as long as one of the student's. */
function requireSameSizes(student: Value, value: Value, teacher: Value): void {
  const [own, other] = [student, value].map(rowOf)
  if (!own || !other) return
  const isSame = own.length === other.length && own.every((size, axis) => fits(size, other[axis]))
  if (isSame) return
  throw new UsageError(
    `the teacher's output '${teacher.name}' is ${shapeText(teacher)}, and the student's '${student.name}' ${shapeText(student)}`,
    {hint: 'Choose outputs that mean the same with --output-name, or a teacher with as many classes'},
  )
}

function fits(size: unknown, other: unknown): boolean {
  return typeof size !== 'number' || typeof other !== 'number' || size === other
}

function rowOf({type}: Value) {
  return type?.kind === 'tensor' ? type.shape?.slice(1) : undefined
}

function shapeText({type}: Value): string {
  return `[${(type?.kind === 'tensor' ? type.shape : undefined)?.map((size) => size ?? '?').join(', ') ?? '?'}]`
}

const KINDS: Readonly<Record<Exclude<TrainingOptions['loss'], 'auto'>, ScoreKind>> = {
  'cross-entropy': 'classes',
  binary: 'decisions',
  mse: 'numbers',
  cosine: 'numbers',
}

/** What an output is, by its last activation, its shape, and the labels. */
function kindOf(output: Value, {teacher, labels}: Sources, {loss}: Choices): ScoreKind {
  if (loss !== 'auto') return KINDS[loss]
  const {activation} = scoresOf(output)
  if (activation) return activation === 'softmax' ? 'classes' : 'decisions'
  const row = rowOf(output)
  const isSingle = row !== undefined && row.length < 2 && isOneNumber(output)
  if (row?.length === 1 && !isSingle) return 'classes'
  if (!isSingle) return 'numbers'
  const taught = teacher?.graph.outputs[0]
  const isDecision = labels
    ? labels.every((label) => label === 0 || label === 1)
    : taught && scoresOf(taught).activation === 'sigmoid'
  return isDecision ? 'decisions' : 'numbers'
}

/** A label is one number per sample: for an output of many it is the class, whatever the outputs are compared by. */
function kindForLabels(output: Value, kind: ScoreKind, sources: Sources, choices: Choices): ScoreKind {
  return kind === 'numbers' && !isOneNumber(output) ? kindOf(output, sources, {...choices, loss: 'auto'}) : kind
}

/** @throws UnsupportedError for an output that has no place for one label per sample. */
function requireOneNumber(output: Value, kind: ScoreKind): void {
  const row = rowOf(output)
  const rest = kind === 'classes' ? row?.slice(1) : row
  const isFit = !rest?.some((size) => size !== 1) && !(kind === 'classes' && isOneNumber(output))
  if (isFit) return
  const expected = kind === 'classes' ? 'a row of class scores' : 'one number'
  throw new UnsupportedError(
    `output '${output.name}': expected ${expected} per sample for the labels, got ${shapeText(output)}`,
    {
      hint: 'Choose another output with --output-name, another --loss, or learn from a teacher alone with --alpha 1',
    },
  )
}

function isOneNumber(output: Value): boolean {
  return rowOf(output)?.every((size) => size === 1) ?? false
}

type Place = Pick<LossSpec, 'output' | 'teacher' | 'weight'>

function teacherLoss(kind: ScoreKind, place: Place, {loss, temperature}: Choices): LossSpec {
  if (kind === 'classes') return {kind: 'distillation', temperature, ...place}
  if (kind === 'decisions') return {kind: 'binary', against: 'teacher', temperature, ...place}
  return {kind: loss === 'cosine' ? 'cosine' : 'mse', against: 'teacher', ...place}
}

function labelLoss(kind: ScoreKind, place: Place, {loss}: Choices): LossSpec {
  if (kind === 'classes') return {kind: 'cross-entropy', ...place}
  if (kind === 'decisions') return {kind: 'binary', against: 'labels', ...place}
  return {kind: loss === 'cosine' ? 'cosine' : 'mse', against: 'labels', ...place}
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
