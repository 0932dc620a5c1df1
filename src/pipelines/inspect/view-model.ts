import {openModel} from '../../io/open-model.js'
import type {TypedArray} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {inferModel} from '../../ops/infer-graph.js'

/** A tensor that goes into a graph or comes out of it. */
export interface PortView {
  readonly name: string
  /** ONNX's name in lower case, such as `float32`; undefined when it is no tensor, or not known. */
  readonly dtype: string | undefined
  /** Sizes; names and expressions where they are free; undefined when not even their number is known. */
  readonly shape: readonly (number | string | undefined)[] | undefined
}

export interface NodeView {
  readonly name: string
  readonly op: string
  /** '' for the standard domain. */
  readonly domain: string
  /** Names of values; '' for an optional one that is absent. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** A weight, or another constant. */
export interface ConstantView {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly elements: number
  /** Reads its contents from the file, row-major: float16 and bfloat16 as bits, 4-bit types packed two in a byte. */
  read(): TypedArray | readonly string[]
}

/** A model that is open to be looked at: its main graph, in topological order, with shapes as far as they can be inferred. */
export interface ModelView {
  readonly path: string
  /** External data counted. */
  readonly sizeBytes: number
  /** Version per domain; the standard domain is ''. */
  readonly opsets: Readonly<Record<string, number>>
  readonly metadata: Readonly<Record<string, string>>
  readonly inputs: readonly PortView[]
  readonly outputs: readonly PortView[]
  readonly nodes: readonly NodeView[]
  readonly constants: readonly ConstantView[]
  /** Lets go of the files. Weights can be read until then. */
  close(): void
}

/** @throws FileError, ModelError, UnsupportedError for a file that cannot be read as a model. */
export async function viewModel(path: string): Promise<ModelView> {
  const {model, sizeBytes, close} = await openModel(path)
  try {
    inferModel(model)
  } catch {
    // a model that contradicts itself is still worth looking at
  }
  const {graph} = model
  return {
    ...{path, sizeBytes, close},
    opsets: Object.fromEntries(model.opsets),
    metadata: Object.fromEntries(model.metadata),
    inputs: graph.inputs.map(portOf),
    outputs: graph.outputs.map(portOf),
    nodes: graph.nodes().map(nodeOf),
    constants: graph.constants().flatMap(constantOf),
  }
}

function portOf({name, type}: Value): PortView {
  const tensor = type?.kind === 'tensor' ? type : undefined
  return {name, dtype: tensor?.dtype, shape: tensor?.shape}
}

function nodeOf({name, opType, domain, inputs, outputs}: Node): NodeView {
  const namesOf = (values: readonly (Value | undefined)[]) => values.map((value) => value?.name ?? '')
  return {name, op: opType, domain, inputs: namesOf(inputs), outputs: namesOf(outputs)}
}

function constantOf({name, constant}: Value): ConstantView[] {
  if (!constant) return []
  const {dtype, shape} = constant
  return [{name, dtype, shape, elements: elementCount(shape), read: () => constant.read()}]
}
