import {UnsupportedError} from '../../errors.js'
import {isFloat} from '../../ir/dtype.js'
import {tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {classAxis, withoutAxis} from '../../metrics/class-axis.js'
import {IGNORED_LABEL} from '../../metrics/labelled-rows.js'
import {featureLoss} from './feature-loss.js'
import {knownShape} from './known-shape.js'
import {
  binaryCrossEntropyLoss,
  binaryDistillationLoss,
  cosineLoss,
  crossEntropyLoss,
  distillationLoss,
  type LabelledScores,
  type LossTerm,
  meanSquaredError,
  weightedSum,
} from './losses.js'
import {scoresOf} from './scores.js'
import type {TypedBuilder} from './typed-builder.js'

interface LossPlace {
  /** 1 when absent. */
  readonly weight?: number | undefined
  /** The student's output, or a value inside for `feature`; the trained output when absent. */
  readonly output?: string | undefined
  /** The value of the teacher that it is compared with; the teacher's first output when absent. */
  readonly teacher?: string | undefined
}

interface Labelled {
  /** Sizes of one sample's labels; one label when absent, or no labels. */
  readonly labelShape?: readonly number[] | undefined
}

/** A part of the loss. Those on class scores find them before a last Softmax, LogSoftmax or Sigmoid. */
export type LossSpec = LossPlace &
  (
    | /** Class scores against integer labels: one per sample, or one per position, see `classAxis`. */
    ({readonly kind: 'cross-entropy'; readonly smoothing?: number | undefined} & Labelled)
    /** Class scores against a teacher's. */
    | ({readonly kind: 'distillation'; readonly temperature: number} & Labelled)
    /** Scores of two-way decisions, each of its own, against labels 0 and 1 or against a teacher's. */
    | {readonly kind: 'binary'; readonly against: 'labels' | 'teacher'; readonly temperature?: number | undefined}
    /** The output against numbers of its shape. */
    | {readonly kind: 'mse' | 'cosine'; readonly against: 'labels' | 'teacher'}
    /** A hidden value against the teacher's, through a projection that is trained along. */
    | {readonly kind: 'feature'; readonly seed: number}
  )

/** A further input of a training step. All sizes are known. */
export interface TargetPort {
  readonly name: string
  readonly dtype: 'int64' | 'float32'
  readonly shape: readonly number[]
  /** Labels must be below this; undefined for numbers. */
  readonly classes: number | undefined
}

/** An input that is fed what the teacher gave for the samples of the batch. */
export interface TeacherPort extends TargetPort {
  /** The value of the teacher; undefined for its first output. */
  readonly value: string | undefined
}

/** The loss of a step, and what it is compared with. */
export interface StepLoss {
  readonly loss: Value
  readonly labels: TargetPort | undefined
  readonly teachers: readonly TeacherPort[]
  /** Constants to train that are no part of the student. */
  readonly projections: readonly Value[]
}

/** Where losses find what they compare. Values have known shapes. */
export interface Compared {
  /** The student's; the trained output for undefined. */
  studentValue(name: string | undefined): Value
  /** What a teacher in the same graph computes; undefined when inputs stand for it. */
  teacherValue?: ((name: string | undefined) => Value) | undefined
  /** Sizes of a teacher's value for a whole batch, where they are known. */
  teacherShape?: ((name: string | undefined) => readonly number[] | undefined) | undefined
}

/**
 * Writes a weighted sum of losses, with the inputs they need.
 *
 * @throws UnsupportedError when a loss does not fit its output, the teacher's is of another shape, or two want different labels.
 */
export function writeLoss(build: TypedBuilder, compared: Compared, specs: readonly LossSpec[]): StepLoss {
  const targets = new Targets(build, compared)
  const terms = specs
    .filter(({weight}) => weight !== 0)
    .map((spec): LossTerm => ({loss: lossOf(spec, targets, compared), weight: spec.weight ?? 1}))
  const {labels, teachers, projections} = targets
  return {loss: weightedSum(build, terms), labels, teachers, projections}
}

function lossOf(spec: LossSpec, targets: Targets, {studentValue}: Compared): Value {
  const {build} = targets
  const output = requireFloats(studentValue(spec.output))
  if (spec.kind === 'feature') return featureTerm(spec, output, targets)
  const {value: scores, axis} = scoresOf(output)
  if (spec.kind === 'binary') return binaryTerm(spec, scores, targets)
  if (spec.kind === 'distillation') {
    const teacher = targets.teacher(spec.teacher, scores)
    return distillationLoss(
      build,
      {student: scores, teacher, temperature: spec.temperature},
      taughtAxis(scores, axis, spec),
    )
  }
  if (spec.kind === 'cross-entropy') {
    const logits = asRows(build, scores)
    const place = targets.classLabels(logits, spec.labelShape, logits === scores ? axis : undefined)
    return crossEntropyLoss(build, {logits, ...place, smoothing: spec.smoothing ?? 0})
  }
  const target = spec.against === 'labels' ? targets.labelsLike(output) : targets.teacher(spec.teacher, output)
  return spec.kind === 'mse' ? meanSquaredError(build, output, target) : cosineLoss(build, output, target)
}

function binaryTerm(spec: LossSpec & {kind: 'binary'}, scores: Value, targets: Targets): Value {
  const {build} = targets
  if (spec.against === 'labels') return binaryCrossEntropyLoss(build, scores, targets.labelsLike(scores, 2))
  const teacher = targets.teacher(spec.teacher, scores)
  return binaryDistillationLoss(build, {student: scores, teacher, temperature: spec.temperature ?? 1})
}

function featureTerm(spec: LossSpec & {kind: 'feature'}, student: Value, targets: Targets): Value {
  const teacher = targets.teacher(spec.teacher, undefined)
  const {loss, projection} = featureLoss(targets.build, {student, teacher, seed: spec.seed})
  targets.projections.push(projection)
  return loss
}

/** Where neither a softmax nor labels say which axis holds the classes: the last one, but for images `[N, C, H, W]`. */
function taughtAxis(scores: Value, axis: number | undefined, {labelShape}: Labelled): number {
  const shape = knownShape(scores)
  return axis ?? (labelShape && classAxis(shape, labelShape)) ?? (shape.length > 3 ? 1 : shape.length - 1)
}

/** `[N, C, 1, 1]` as `[N, C]`. */
function asRows(build: TypedBuilder, scores: Value): Value {
  const shape = knownShape(scores)
  return shape.length > 2 && shape.slice(2).every((size) => size === 1) ? build.op('Flatten', [scores]) : scores
}

/** Makes each target input when a loss first asks for it. */
class Targets {
  readonly projections: Value[] = []
  readonly #teachers = new Map<string | undefined, {value: Value; port: TeacherPort}>()
  #labels: {value: Value; port: TargetPort} | undefined

  constructor(
    readonly build: TypedBuilder,
    private readonly compared: Compared,
  ) {}

  get labels(): TargetPort | undefined {
    return this.#labels?.port
  }

  get teachers(): TeacherPort[] {
    return [...this.#teachers.values()].map(({port}) => port)
  }

  /**
   * @param softmax its axis, where one names it.
   * @throws UnsupportedError unless the scores are a row of classes for each label.
   */
  classLabels(scores: Value, labelShape: readonly number[] = [], softmax?: number): Omit<LabelledScores, 'logits'> {
    const shape = knownShape(scores)
    const axis = classAxis(shape, labelShape)
    const classes = shape[axis ?? 0] ?? 0
    if (axis !== undefined && classes > 1 && (softmax === undefined || softmax === axis)) {
      const labels = this.#labelsOf({dtype: 'int64', shape: withoutAxis(shape, axis), classes})
      return {labels, classes, axis, ignored: labelShape.length > 0 ? IGNORED_LABEL : undefined}
    }
    const labels = labelShape.length > 0 ? ` against labels [N, ${labelShape.join(', ')}]` : ''
    const along = softmax === undefined ? '' : ` with a softmax along axis ${softmax}`
    throw new UnsupportedError(
      `output '${scores.name}': expected class scores [N, classes] for cross-entropy${labels}, got [${shape.join(', ')}]${along}`,
      {hint: 'Choose another output, or the loss mse; labels of shape [N, T] take scores [N, T, classes]'},
    )
  }

  labelsLike(output: Value, classes?: number): Value {
    return this.#labelsOf({dtype: 'float32', shape: knownShape(output), classes})
  }

  /** What the teacher gave. @param like what it must have the shape of. */
  teacher(name: string | undefined, like: Value | undefined): Value {
    const {teacherValue, teacherShape} = this.compared
    const shape = like && knownShape(like)
    const given = teacherValue ? knownShape(teacherValue(name)) : teacherShape?.(name)
    if (shape && given && shape.join() !== given.join()) throw otherShape(given, shape)
    if (teacherValue) return teacherValue(name)
    const known = this.#teachers.get(name)?.value
    return known ?? this.#addTeacher(name, given ?? shape ?? [])
  }

  #addTeacher(name: string | undefined, shape: readonly number[]): Value {
    const made = this.#input(this.#teachers.size === 0 ? 'teacher' : `teacher_${this.#teachers.size}`, 'float32', shape)
    const port: TeacherPort = {name: made.name, dtype: 'float32', shape, classes: undefined, value: name}
    this.#teachers.set(name, {value: made, port})
    return made
  }

  #labelsOf(wanted: Omit<TargetPort, 'name'>): Value {
    const known = this.#labels
    if (known && known.port.dtype === wanted.dtype && known.port.shape.join() === wanted.shape.join())
      return known.value
    if (known) throw new UnsupportedError('one loss wants other labels than another: expected one loss with labels')
    const value = this.#input('labels', wanted.dtype, wanted.shape)
    this.#labels = {value, port: {name: value.name, ...wanted}}
    return value
  }

  #input(wanted: string, dtype: TargetPort['dtype'], shape: readonly number[]): Value {
    const {graph} = this.build
    const name = graph.names.fresh(wanted)
    graph.names.release(name)
    return graph.addInput(name, tensorType(dtype, shape))
  }
}

function otherShape(teacher: readonly number[], student: readonly number[]): UnsupportedError {
  return new UnsupportedError(
    `the teacher's output is of shape [${teacher.join(', ')}], and the student's of [${student.join(', ')}]`,
    {hint: 'Choose other outputs, or a teacher with as many classes'},
  )
}

/** @throws UnsupportedError for an output that no gradient can come back from. */
function requireFloats(output: Value): Value {
  const dtype = output.type?.kind === 'tensor' ? output.type.dtype : undefined
  if (dtype === undefined || isFloat(dtype)) return output
  const made = output.producer ? `, made by ${output.producer.opType}` : ''
  throw new UnsupportedError(`output '${output.name}': expected scores or numbers, got ${dtype}${made}`, {
    hint: 'Choose the output before it with --output-name',
  })
}
