import type {GraphBuilder} from '../../ir/build.js'
import {dtypeCode} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'

/** One part of a loss and how much it counts. */
export interface LossTerm {
  /** A scalar, float32. */
  readonly loss: Value
  readonly weight: number
}

/** What a student gives and what a teacher gave for the same samples. */
export interface Taught {
  readonly student: Value
  /** Like `student`; nothing flows back into it unless it is trained itself. */
  readonly teacher: Value
  readonly temperature: number
}

/** Class scores and what they are to be. */
export interface LabelledScores {
  readonly logits: Value
  readonly labels: Value
  readonly classes: number
  readonly smoothing?: number
  readonly axis?: number
  readonly ignored?: number | undefined
}

const FLOAT = dtypeCode('float32')

/**
 * Mean cross-entropy of class scores against the right classes: `mean(−log softmax(logits)[label])`, by LogSoftmax, so that large
 * scores do not overflow.
 *
 * @param logits `[N, classes]`, or with the classes on another axis, any float type.
 * @param labels like `logits` without the axis of the classes: integers in `0 … classes − 1`; who feeds them checks that.
 * @param axis of the classes, 1 when absent; `classes` is its size.
 * @param ignored labels of this value do not count; without any other the loss is 0.
 * @param smoothing share of the target that is spread evenly over all classes.
 * @returns a float32 scalar.
 */
export function crossEntropyLoss(
  build: GraphBuilder,
  {logits, labels, classes, smoothing = 0, axis = 1, ignored}: LabelledScores,
): Value {
  const logProbabilities = build.op('LogSoftmax', [asFloat(build, logits)], {axis})
  const [off, on] = [smoothing / classes, 1 - smoothing + smoothing / classes]
  const target = build.op('OneHot', [labels, build.scalar(classes, 'int64'), build.floats([off, on])], {axis})
  const likelihoods = build.op('Mul', [logProbabilities, target])
  if (ignored === undefined) {
    return build.op('Neg', [build.op('Div', [sumAll(build, likelihoods), countOf(build, labels)])])
  }
  // a negative index counts from the end: what is ignored has a class like the others, and no weight
  const isIgnored = build.op('Equal', [labels, build.scalar(ignored, 'int64')])
  const counted = build.op('Cast', [build.op('Not', [isIgnored])], {to: FLOAT})
  const perPlace = build.op('ReduceSum', [likelihoods, build.ints([axis])], {keepdims: 0})
  const total = sumAll(build, build.op('Mul', [perPlace, counted]))
  const count = build.op('Max', [sumAll(build, counted), build.scalar(1)])
  return build.op('Neg', [build.op('Div', [total, count])])
}

/**
 * Distillation: the mean Kullback-Leibler divergence of the student's softened classes from the teacher's,
 * `T² · mean(Σ p · (log p − log q))` with `p = softmax(teacher / T)` and `q = softmax(student / T)` along an axis.
 * The square keeps gradients as large as those of the labels at any temperature.
 *
 * @param taught `[N, classes, ...]`, or with the classes on another axis.
 * @param axis of the classes.
 * @returns a float32 scalar.
 * @see Hinton et al. 2015, arXiv:1503.02531.
 */
export function distillationLoss(build: GraphBuilder, {student, teacher, temperature}: Taught, axis = 1): Value {
  const wanted = build.op('LogSoftmax', [softened(build, teacher, temperature)], {axis})
  const given = build.op('LogSoftmax', [softened(build, student, temperature)], {axis})
  const divergence = build.op('Mul', [build.op('Exp', [wanted]), build.op('Sub', [wanted, given])])
  const perRow = build.op('ReduceSum', [divergence, build.ints([axis])], {keepdims: 0})
  return build.op('Mul', [meanAll(build, perRow), build.scalar(temperature ** 2)])
}

/**
 * Mean cross-entropy of two-way decisions: `mean(softplus(z) − y · z)`, the negative log-likelihood of `sigmoid(z)`.
 *
 * @param logits z, any shape.
 * @param target y, like `logits`, from 0 to 1.
 * @returns a float32 scalar.
 */
export function binaryCrossEntropyLoss(build: GraphBuilder, logits: Value, target: Value): Value {
  return meanAll(build, binaryCrossEntropy(build, asFloat(build, logits), asFloat(build, target)))
}

/** As {@link distillationLoss} for two-way decisions, each of which has one score: the divergence of `sigmoid(student / T)`. */
export function binaryDistillationLoss(build: GraphBuilder, {student, teacher, temperature}: Taught): Value {
  const [given, wanted] = [student, teacher].map((scores) => softened(build, scores, temperature)) as [Value, Value]
  const target = build.op('Sigmoid', [wanted])
  const divergence = build.op('Sub', [
    binaryCrossEntropy(build, given, target),
    binaryCrossEntropy(build, wanted, target),
  ])
  return build.op('Mul', [meanAll(build, divergence), build.scalar(temperature ** 2)])
}

/** Mean squared error over all elements. Both of one shape, any float type. @returns a float32 scalar. */
export function meanSquaredError(build: GraphBuilder, output: Value, target: Value): Value {
  const difference = build.op('Sub', [asFloat(build, output), asFloat(build, target)])
  return meanAll(build, build.op('Mul', [difference, difference]))
}

/** Keeps the root of a squared length away from 0, where it has no gradient. */
const TINY = 1e-12

/**
 * Mean of `1 − cos` of the angle between rows: for embeddings and hidden features, whose lengths do not matter.
 *
 * @param output `[N, ...]`; each row is one vector.
 * @param target like `output`.
 * @returns a float32 scalar.
 */
export function cosineLoss(build: GraphBuilder, output: Value, target: Value): Value {
  const [a, b] = [output, target].map((value) => build.op('Flatten', [asFloat(build, value)], {axis: 1})) as [
    Value,
    Value,
  ]
  const dot = (x: Value, y: Value): Value => {
    return build.op('ReduceSum', [build.op('Mul', [x, y]), build.ints([1])], {keepdims: 0})
  }
  const lengths = build.op('Sqrt', [build.op('Add', [build.op('Mul', [dot(a, a), dot(b, b)]), build.scalar(TINY)])])
  const cosine = meanAll(build, build.op('Div', [dot(a, b), lengths]))
  return build.op('Sub', [build.scalar(1), cosine])
}

/** `Σ weight · loss`. Terms of weight 0 are left out; without any other the sum is the constant 0. */
export function weightedSum(build: GraphBuilder, terms: readonly LossTerm[]): Value {
  const parts = terms
    .filter(({weight}) => weight !== 0)
    .map(({loss, weight}) => (weight === 1 ? loss : build.op('Mul', [loss, build.scalar(weight)])))
  const [first = build.scalar(0)] = parts
  return parts.length > 1 ? build.op('Sum', parts) : first
}

/** The value itself when it is float32, else cast to it. */
export function asFloat(build: GraphBuilder, value: Value): Value {
  const isFloat32 = value.type?.kind === 'tensor' && value.type.dtype === 'float32'
  return isFloat32 ? value : build.op('Cast', [value], {to: FLOAT})
}

/** The mean of all elements, a scalar. */
export function meanAll(build: GraphBuilder, value: Value): Value {
  return build.op('Div', [sumAll(build, value), countOf(build, value)])
}

function softened(build: GraphBuilder, scores: Value, temperature: number): Value {
  return build.op('Mul', [asFloat(build, scores), build.scalar(1 / temperature)])
}

function binaryCrossEntropy(build: GraphBuilder, logits: Value, target: Value): Value {
  return build.op('Sub', [build.op('Softplus', [logits]), build.op('Mul', [target, logits])])
}

function sumAll(build: GraphBuilder, value: Value): Value {
  return build.op('ReduceSum', [value], {keepdims: 0})
}

/** As a float32 scalar. */
function countOf(build: GraphBuilder, value: Value): Value {
  const shape = value.type?.kind === 'tensor' ? value.type.shape : undefined
  if (shape?.every((size) => typeof size === 'number')) {
    return build.scalar(elementCount(shape as readonly number[]))
  }
  return build.op('Cast', [build.op('Size', [value])], {to: FLOAT})
}
