import {UnsupportedError} from '../errors.js'
import {tensorType} from '../ir/types.js'
import type {Value} from '../ir/value.js'
import {cosineLoss, crossEntropyLoss, distillationLoss, type LossTerm, meanSquaredError, weightedSum} from './losses.js'
import type {TypedBuilder} from './typed-builder.js'

/** A part of the loss. Its weight is 1 when absent. */
export type LossSpec =
  /** Class scores `[N, classes]` against one integer label per sample. */
  | {readonly kind: 'cross-entropy'; readonly weight?: number | undefined; readonly smoothing?: number | undefined}
  /** Class scores against a teacher's. */
  | {readonly kind: 'distillation'; readonly weight?: number | undefined; readonly temperature: number}
  /** The output against numbers of its shape. */
  | {readonly kind: 'mse' | 'cosine'; readonly weight?: number | undefined; readonly against: 'labels' | 'teacher'}

/** A further input of a training step. All sizes are known. */
export interface TargetPort {
  readonly name: string
  readonly dtype: 'int64' | 'float32'
  readonly shape: readonly number[]
  /** Labels must be below this; undefined for numbers. */
  readonly classes: number | undefined
}

/** The loss of a step, and what it is compared with. */
export interface StepLoss {
  readonly loss: Value
  readonly labels: TargetPort | undefined
  readonly teacher: TargetPort | undefined
}

interface Compared {
  /** With a known shape. */
  readonly output: Value
  /** What a teacher in the same graph computes; an input stands for it when absent. */
  readonly teacher?: Value | undefined
}

/**
 * Writes a weighted sum of losses on one output, with the inputs it needs.
 *
 * @throws UnsupportedError when a loss does not fit the output, the teacher's is of another shape, or two want different labels.
 */
export function writeLoss(build: TypedBuilder, {output, teacher}: Compared, specs: readonly LossSpec[]): StepLoss {
  const targets = new Targets(build, output, teacher)
  const terms = specs.map((spec): LossTerm => ({loss: lossOf(spec, targets), weight: spec.weight ?? 1}))
  return {loss: weightedSum(build, terms), labels: targets.labels, teacher: targets.teacher}
}

function lossOf(spec: LossSpec, targets: Targets): Value {
  const {build, output} = targets
  if (spec.kind === 'cross-entropy') {
    const {value, classes} = targets.classLabels()
    return crossEntropyLoss(build, {logits: output, labels: value, classes, smoothing: spec.smoothing ?? 0})
  }
  if (spec.kind === 'distillation') {
    targets.classes('distillation')
    return distillationLoss(build, {student: output, teacher: targets.like('teacher'), temperature: spec.temperature})
  }
  const target = targets.like(spec.against)
  return spec.kind === 'mse' ? meanSquaredError(build, output, target) : cosineLoss(build, output, target)
}

/** Makes each target input when a loss first asks for it. */
class Targets {
  readonly #made = new Map<string, {value: Value; port: TargetPort}>()

  constructor(
    readonly build: TypedBuilder,
    readonly output: Value,
    private readonly inGraph: Value | undefined,
  ) {}

  get labels(): TargetPort | undefined {
    return this.#made.get('labels')?.port
  }

  get teacher(): TargetPort | undefined {
    return this.#made.get('teacher')?.port
  }

  classLabels(): {value: Value; classes: number} {
    const classes = this.classes('cross-entropy')
    const [rows = 0] = knownShape(this.output)
    return {value: this.#make('labels', {dtype: 'int64', shape: [rows], classes}), classes}
  }

  like(kind: 'labels' | 'teacher'): Value {
    if (kind === 'teacher' && this.inGraph) return this.#fitting(this.inGraph)
    return this.#make(kind, {dtype: 'float32', shape: knownShape(this.output), classes: undefined})
  }

  #fitting(teacher: Value): Value {
    const [own, other] = [knownShape(this.output), knownShape(teacher)]
    if (own.join() === other.join()) return teacher
    throw new UnsupportedError(
      `the teacher's output is of shape [${other.join(', ')}], and the student's of [${own.join(', ')}]`,
      {hint: 'Choose other outputs, or a teacher with as many classes'},
    )
  }

  /** @throws UnsupportedError unless the output is `[N, classes]`. */
  classes(loss: string): number {
    const shape = knownShape(this.output)
    const [, classes = 0] = shape
    if (shape.length === 2 && classes > 1) return classes
    throw new UnsupportedError(
      `output '${this.output.name}': expected class scores [N, classes] for ${loss}, got [${shape.join(', ')}]`,
      {hint: 'Choose another output, or the loss mse'},
    )
  }

  #make(kind: 'labels' | 'teacher', wanted: Omit<TargetPort, 'name'>): Value {
    const known = this.#made.get(kind)
    if (known && known.port.dtype === wanted.dtype) return known.value
    if (known) throw new UnsupportedError('one loss wants classes as labels and another one numbers')
    const {graph} = this.build
    const name = graph.names.fresh(kind)
    graph.names.release(name)
    const value = graph.addInput(name, tensorType(wanted.dtype, wanted.shape))
    this.#made.set(kind, {value, port: {name, ...wanted}})
    return value
  }
}

/** @throws UnsupportedError when a size is not known. */
export function knownShape(value: Value): readonly number[] {
  const shape = value.type?.kind === 'tensor' ? value.type.shape : undefined
  if (shape?.every((size) => typeof size === 'number')) return shape as readonly number[]
  throw new UnsupportedError(`'${value.name}': training needs its sizes, got [${shape?.join(', ') ?? 'unknown'}]`, {
    hint: 'Give the sizes of the inputs with --input-shape',
  })
}
