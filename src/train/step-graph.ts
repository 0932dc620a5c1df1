import {backward, FIRST_OPSET, type SpecOf} from '../autodiff/backward.js'
import {differentiableCopy} from '../autodiff/differentiable-copy.js'
import {BugError, UnsupportedError, UsageError} from '../errors.js'
import type {Graph} from '../ir/graph.js'
import type {Model} from '../ir/model.js'
import {readFloat32, tensorOf} from '../ir/tensor.js'
import type {Value} from '../ir/value.js'
import {type FrozenConstant, type IsFrozen, type Parameter, selectParameters, untieBiases} from './parameters.js'
import {knownShape, type LossSpec, type TargetPort, writeLoss} from './step-loss.js'
import {TypedBuilder} from './typed-builder.js'

export interface StepOptions {
  /** Whole shape of every input of the model: one batch. */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>
  /** The output that is trained; the first when absent. */
  readonly output?: string | undefined
  readonly losses: readonly LossSpec[]
  readonly isFrozen?: IsFrozen | undefined
}

/** One trained tensor: the step reads it as an input of this name and gives its gradient as an output, both float32. */
export interface StepParameter {
  readonly name: string
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
  /** What the weights are before training, in the order of `parameters`; not to be modified. */
  readonly initial: readonly Float32Array[]
  readonly frozen: readonly FrozenConstant[]
  readonly labels: TargetPort | undefined
  readonly teacher: TargetPort | undefined
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
  const {model, specOf, outputs} = differentiableCopy(original, options.inputShapes)
  const {graph} = model
  const output = chooseOutput(outputs, options.output)
  untieBiases(graph, specOf)
  const build = new TypedBuilder(graph, specOf)
  const {loss, labels, teacher} = writeLoss(build, output, options.losses)
  removeUnused(graph, loss)
  const {trainable, frozen} = selectParameters(graph, specOf, options.isFrozen)
  const gradients = backward(graph, {loss, wrt: trainable.map(({value}) => value)}, {specOf})
  graph.addOutput(loss)
  const learned = trainable.filter(({value}) => gradients.has(value))
  const initial = learned.map(({value}) => contentsOf(value))
  const wanted = learned.map(({value}) => asOutput(build, gradients.get(value) as Value))
  const parameters = learned.map((parameter, index) => toInput(graph, parameter, wanted[index] as Value))
  if (parameters.length === 0) throw nothingToTrain(frozen)
  return {
    model,
    loss: loss.name,
    parameters,
    initial,
    frozen: [...frozen, ...unreached(trainable, gradients)],
    labels,
    teacher,
  }
}

/**
 * The forward part alone, with free sizes as the original has them, and with the parameters of a step as inputs.
 *
 * @throws UsageError for an unknown output.
 */
export function buildForward(original: Model, step: StepGraph, outputName?: string): ForwardGraph {
  const {model, specOf, outputs} = differentiableCopy(original, {})
  const {graph} = model
  const output = chooseOutput(outputs, outputName)
  untieBiases(graph, specOf)
  graph.addOutput(output)
  removeUnused(graph)
  const names = new Set(step.parameters.map(({name}) => name))
  for (const value of graph.constants()) if (names.has(value.name)) becomeInput(graph, value)
  return {model, output: output.name}
}

/**
 * Writes trained weights into a model.
 *
 * @param model modified: its biases are untied where the step has them untied.
 * @param weights by the names of the step's parameters. Data is kept, not copied.
 * @throws BugError when the model is not the one that the step was built from.
 */
export function applyWeights(model: Model, specOf: SpecOf, weights: ReadonlyMap<string, Float32Array>): void {
  untieBiases(model.graph, specOf)
  const constants = new Map(model.graph.constants().map((value) => [value.name, value]))
  for (const [name, data] of weights) {
    const value = constants.get(name)
    const shape = value?.constant?.shape
    if (!value || !shape) throw new BugError(`the model has no constant '${name}' for the weights that were trained`)
    model.graph.setConstant(value, tensorOf('float32', shape, data))
  }
}

function checkOpset({opsets}: Model): void {
  const opset = opsets.get('') ?? opsets.get('ai.onnx') ?? 1
  if (opset >= FIRST_OPSET) return
  throw new UnsupportedError(`training needs opset ${FIRST_OPSET} or later, and the model has ${opset}`, {
    hint: 'Upgrade the model with mopt simplify --opset',
  })
}

function chooseOutput(outputs: ReadonlyMap<string, Value>, wanted: string | undefined): Value {
  const names = [...outputs.keys()]
  const output = outputs.get(wanted ?? names[0] ?? '')
  if (output) return output
  throw new UsageError(`output '${wanted ?? ''}': the model has no such output`, {
    hint: `Its outputs: ${names.join(', ')}`,
  })
}

/** What only other outputs need. @param kept a value that nobody uses yet. */
function removeUnused(graph: Graph, kept?: Value): void {
  for (const node of graph.nodes().reverse()) {
    if (node.outputs.every((value) => !value || (value !== kept && value.uses.size === 0))) graph.remove(node)
  }
  for (const value of graph.constants()) if (value.uses.size === 0) graph.removeConstant(value)
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

function becomeInput(graph: Graph, constant: Value): void {
  const input = graph.addInput(constant.name, constant.type)
  graph.replaceUses(constant, input)
  graph.removeConstant(constant)
  // the constant's name went with it: the input has it now
  graph.names.claim(input.name)
}

function unreached(trainable: readonly Parameter[], gradients: ReadonlyMap<Value, Value>): FrozenConstant[] {
  const left = trainable.filter(({value}) => !gradients.has(value))
  return left.map(({value}) => ({name: value.name, reason: 'the loss does not depend on it'}))
}

function nothingToTrain(frozen: readonly FrozenConstant[]): UnsupportedError {
  const [first] = frozen
  const why = first ? `: '${first.name}' is left alone (${first.reason})` : ''
  return new UnsupportedError(`the model has no weights that can be trained${why}`, {
    hint: 'Training takes float32 weights; a quantized or float16 model is trained before it is converted',
  })
}
