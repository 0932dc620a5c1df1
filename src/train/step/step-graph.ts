import {backward, FIRST_OPSET, type SpecOf} from '../../autodiff/backward.js'
import {differentiableCopy} from '../../autodiff/differentiable-copy.js'
import {BugError, UnsupportedError} from '../../errors.js'
import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import {readFloat32, tensorOf} from '../../ir/tensor.js'
import {tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {addTeacher, type TeacherValues} from './add-teacher.js'
import {becomeInput, chooseOutput, removeUnused} from './graph-values.js'
import {knownShape} from './known-shape.js'
import {lossOf} from './loss-of.js'
import {
  type FrozenConstant,
  type Parameter,
  type ParameterSelection,
  selectParameters,
  tieEqual,
  untieConstants,
} from './parameters.js'
import type {TargetPort, TeacherPort} from './step-loss.js'
import type {StepOptions} from './step-options.js'
import {
  type StepStatistic,
  statisticsOf,
  type TrainedNormalization,
  trainNormalizations,
} from './trained-normalization.js'
import {TypedBuilder} from './typed-builder.js'

/** One trained tensor: the step reads it as an input of this name and gives its gradient as an output, both float32. */
export interface StepParameter {
  readonly name: string
  /** It only serves the loss, and is no weight of the model. */
  readonly auxiliary?: true
  readonly shape: readonly number[]
  readonly gradient: string
  /** Whether weight decay applies. */
  readonly decays: boolean
}

/** A training step as a model: inputs of the original, weights and targets → the loss and a gradient per weight. */
export interface StepGraph {
  readonly model: Model
  /** Name of the scalar. */
  readonly loss: string
  readonly parameters: readonly StepParameter[]
  /** Empty unless the batch's are asked for. */
  readonly statistics: readonly StepStatistic[]
  /** What parameters, then statistics, are before training; not to be modified. */
  readonly initial: readonly Float32Array[]
  readonly frozen: readonly FrozenConstant[]
  readonly labels: TargetPort | undefined
  readonly teachers: readonly TeacherPort[]
}

/** A model whose weights are inputs, under the same names as in its step: to judge what was learned. */
export interface ForwardGraph {
  readonly model: Model
  readonly output: string
}

/**
 * Writes the training step of a model: forward, loss and backward in one graph that ONNX Runtime runs.
 * The original stays as it is; weights are shared with it until they are read.
 *
 * @param original at opset 16 or later, functions inlined.
 * @throws UnsupportedError for an older opset, an output of unknown size, or when nothing can be trained;
 *   UnsupportedOpError for an operator without a gradient; UsageError for an unknown output.
 */
export function buildStep(original: Model, options: StepOptions): StepGraph {
  checkOpset(original)
  let normalizations: readonly TrainedNormalization[] = []
  let selection: ParameterSelection = {trainable: [], frozen: []}
  let teacherValue: TeacherValues | undefined
  const {model, specOf, outputs} = differentiableCopy(original, {
    inputShapes: options.inputShapes,
    prepare(graph, specOfCopy) {
      untieConstants(graph, specOfCopy)
      selection = selectParameters(graph, specOfCopy, options.isFrozen)
      if (options.batchStatistics) normalizations = trainNormalizations(graph)
      // last, so that nothing of it is trained
      if (options.teacher) teacherValue = addTeacher(graph, options.teacher, standardOpset(original))
    },
  })
  const {graph} = model
  const {loss, labels, teachers, projections} = lossOf({graph, outputs, specOf}, options, teacherValue)
  const build = new TypedBuilder(graph, specOf)
  removeUnused(graph, loss)
  graph.addOutput(loss)
  const used = normalizations.filter(({node}) => graph.has(node))
  const running = used.flatMap((normalization) => normalization.running)
  for (const {batch} of used) for (const value of batch) graph.addOutput(value)
  const {frozen} = selection
  const trainable = [...selection.trainable, ...projections.map(asParameter)]
  const gradients = backward(graph, {loss, wrt: trainable.map(({value}) => value)}, {specOf})
  const learned = trainable.filter(({value}) => gradients.has(value))
  if (learned.length === 0) throw nothingToTrain(frozen)
  const initial = [...learned.map(({value}) => value), ...running].map(contentsOf)
  const outputsOfLearned = learned.map(({value}) => asOutput(build, gradients.get(value) as Value))
  const parameters = learned.map((parameter, index) => ({
    ...toInput(graph, parameter, outputsOfLearned[index] as Value),
    ...(projections.includes(parameter.value) && {auxiliary: true as const}),
  }))
  const left = [...frozen, ...unreached(trainable, gradients)]
  const statistics = used.flatMap(statisticsOf)
  return {model, loss: loss.name, parameters, statistics, initial, frozen: left, labels, teachers}
}

/**
 * The forward part alone, with free sizes as the original has them, and with the parameters and statistics of a step as inputs.
 *
 * @throws UsageError for an unknown output.
 */
export function buildForward(original: Model, step: StepGraph, outputName?: string): ForwardGraph {
  const {model, outputs} = differentiableCopy(original, {prepare: untieConstants})
  const {graph} = model
  const output = chooseOutput(outputs, outputName)
  graph.addOutput(output)
  removeUnused(graph)
  const names = new Set([...step.parameters, ...step.statistics].map(({name}) => name))
  for (const value of graph.constants()) if (names.has(value.name)) becomeInput(graph, value)
  // who trains feeds all parameters: those that only serve the loss are read by nobody here
  for (const {name, shape, auxiliary} of step.parameters) {
    if (auxiliary) graph.addInput(name, tensorType('float32', shape))
  }
  return {model, output: output.name}
}

/**
 * Writes trained weights into a model.
 *
 * @param model modified: biases that were one constant are as many as training made different.
 * @param weights by the names of the step's parameters and statistics. Data is kept, not copied.
 * @throws BugError when the model is not the one that the step was built from.
 */
export function applyWeights(model: Model, specOf: SpecOf, weights: ReadonlyMap<string, Float32Array>): void {
  const made = untieConstants(model.graph, specOf)
  const constants = new Map(model.graph.constants().map((value) => [value.name, value]))
  for (const [name, data] of weights) {
    const value = constants.get(name)
    const shape = value?.constant?.shape
    if (!value || !shape) throw new BugError(`the model has no constant '${name}' for the weights that were trained`)
    model.graph.setConstant(value, tensorOf('float32', shape, data))
  }
  tieEqual(model.graph, made)
}

function standardOpset({opsets}: Model): number {
  return opsets.get('') ?? opsets.get('ai.onnx') ?? 1
}

function checkOpset(model: Model): void {
  const opset = standardOpset(model)
  if (opset >= FIRST_OPSET) return
  throw new UnsupportedError(`training needs opset ${FIRST_OPSET} or later, and the model has ${opset}`, {
    hint: 'Upgrade the model with mopt simplify --opset',
  })
}

function asParameter(value: Value): Parameter {
  return {value, role: 'weight', readers: []}
}

function contentsOf(value: Value): Float32Array {
  if (!value.constant) throw new TypeError(`'${value.name}' is not a constant`)
  return readFloat32(value.constant)
}

/** An output of its own: two weights may have one gradient, and an output must be computed. */
function asOutput(build: TypedBuilder, gradient: Value): Value {
  return build.output(gradient.isOutput || !gradient.producer ? build.op('Identity', [gradient]) : gradient)
}

function toInput(graph: Graph, {value, role}: Parameter, gradient: Value): StepParameter {
  const shape = knownShape(value)
  becomeInput(graph, value)
  return {name: value.name, shape, gradient: gradient.name, decays: role === 'weight'}
}

function unreached(trainable: readonly Parameter[], gradients: ReadonlyMap<Value, Value>): FrozenConstant[] {
  const left = trainable.filter(({value}) => !gradients.has(value))
  return left.map(({value}) => ({name: value.name, reason: 'the loss does not depend on it'}))
}

function nothingToTrain(frozen: readonly FrozenConstant[]): UnsupportedError {
  const [first] = frozen
  const why = first ? `: '${first.name}' is left alone (${first.reason})` : ''
  return new UnsupportedError(`the model has no weights that can be trained${why}`, {
    hint: 'Training takes float32 weights: train a model before it is turned into one that computes in float16',
  })
}
