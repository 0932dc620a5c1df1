import {backward} from '../../autodiff/backward.js'
import {differentiableCopy} from '../../autodiff/differentiable-copy.js'
import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import type {Value} from '../../ir/value.js'
import {TypedBuilder} from './typed-builder.js'

/** A model that gives what a change of inner tensors does to a weighted sum of its outputs. */
export interface OutputGradients {
  readonly model: Model
  /** Output of the original to the input that takes the weights of its elements, float32, shaped like it. */
  readonly weights: ReadonlyMap<string, string>
  /** Tensor to the output with its gradient, float32, shaped like it. Those that reach no output are missing. */
  readonly gradients: ReadonlyMap<string, string>
}

/**
 * Writes the gradients of Σ wᵢyᵢ over all float32 outputs y of a model, w being inputs: one row of the Jacobian's combinations a run.
 *
 * @param original at opset 16 or later, functions inlined; stays as it is.
 * @param wrt names of tensors inside.
 * @throws UnsupportedOpError for an operator on the way that has no gradient.
 */
export function outputGradients(original: Model, wrt: readonly string[]): OutputGradients {
  const {model, outputs, specOf} = differentiableCopy(original)
  const {graph} = model
  const build = new TypedBuilder(graph, specOf)
  const weights = new Map<string, string>()
  const parts: Value[] = []
  for (const [name, value] of outputs) {
    if (value.type?.kind !== 'tensor' || value.type.dtype !== 'float32') continue
    const weight = graph.addInput(`${name}_weight`, value.type)
    weights.set(name, weight.name)
    parts.push(totalOf(build, build.op('Mul', [value, weight])))
  }
  const [only] = parts
  const loss = parts.length > 1 ? build.op('Sum', parts) : only
  const named = valuesNamed(graph, wrt)
  const found = loss ? backward(graph, {loss, wrt: [...named.values()]}, {specOf}) : new Map<Value, Value>()
  const gradients = new Map<string, string>()
  for (const [name, value] of named) {
    const gradient = found.get(value)
    if (gradient) gradients.set(name, build.output(build.op('Identity', [gradient])).name)
  }
  return {model, weights, gradients}
}

/** The sum of all elements, by operators that are the same in every opset from 16 on. */
function totalOf(build: TypedBuilder, value: Value): Value {
  const row = build.op('Reshape', [value, build.ints([-1])])
  return build.op('ReduceSum', [row, build.ints([0])], {keepdims: 0})
}

function valuesNamed(graph: Graph, names: readonly string[]): Map<string, Value> {
  const wanted = new Set(names)
  const values = graph.nodes().flatMap(({outputs}) => outputs)
  return new Map(values.flatMap((value) => (value && wanted.has(value.name) ? [[value.name, value] as const] : [])))
}
