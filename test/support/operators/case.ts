import {type AttributeLike, tensorAttribute} from '../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import type {DType} from '../../../src/ir/dtype.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../src/ir/model.js'
import {float32, int64, scalar, type Tensor, tensorOf} from '../../../src/ir/tensor.js'

/** An input that is fed, a constant, or a slot left out. */
export type CaseInput =
  | {readonly dtype: DType; readonly shape: readonly number[]; readonly limit?: number}
  | Tensor
  | undefined

/** One call of an operator that ONNX Runtime runs. */
export interface OpCase {
  readonly inputs: readonly CaseInput[]
  readonly attributes?: Readonly<Record<string, AttributeLike>>
  readonly outputs?: number
  /** Version of the operator's domain; the newest below the next record's when absent. */
  readonly opset?: number
  /** Why ONNX Runtime cannot be the witness, and what the definition says instead. */
  readonly stated?: {readonly because: string; readonly types: readonly (readonly [DType, readonly number[]])[]}
}

export function f(...shape: number[]): CaseInput {
  return {dtype: 'float32', shape}
}

export function of(dtype: DType, ...shape: number[]): CaseInput {
  return {dtype, shape}
}

/** Indices below `limit`. */
export function indices(limit: number, ...shape: number[]): CaseInput {
  return {dtype: 'int64', shape, limit}
}

export function ints(...values: number[]): Tensor {
  return int64(values)
}

export function floats(...values: number[]): Tensor {
  return float32(values)
}

export function one(value: number, dtype: Exclude<DType, 'string'> = 'float32'): Tensor {
  return scalar(dtype, value)
}

/** A constant of ones in a dtype of 8 or 32 bits. */
export function ones(dtype: 'float32' | 'int8' | 'uint8' | 'int32' | 'bool', ...shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1)
  const arrays = {float32: Float32Array, int8: Int8Array, uint8: Uint8Array, int32: Int32Array, bool: Uint8Array}
  return tensorOf(dtype, shape, new arrays[dtype](count).fill(1))
}

export {tensorAttribute}

/** The model of one case, and its fed inputs by name. */
export function modelOf(
  domain: string,
  type: string,
  opset: number,
  opCase: OpCase,
): {model: Model; fed: Map<string, Exclude<CaseInput, Tensor | undefined>>} {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const fed = new Map<string, Exclude<CaseInput, Tensor | undefined>>()
  const inputs = opCase.inputs.map((input, index) => {
    if (input === undefined) return undefined
    if ('read' in input) return build.constant(input, `constant_${index}`)
    fed.set(`input_${index}`, input)
    return build.input(`input_${index}`, input.shape, input.dtype)
  })
  const node = build.node(type, inputs, opCase.attributes, {domain, outputs: opCase.outputs ?? 1})
  for (const value of node.outputs) if (value) build.output(value)
  const model = emptyModel(graph, domain === '' ? opset : 17)
  if (domain !== '') model.opsets.set(domain, opset)
  model.irVersion = 10
  return {model, fed}
}
