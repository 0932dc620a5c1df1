import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {backward} from '../../../src/autodiff/backward.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import type {AttributeLike} from '../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import type {DType} from '../../../src/ir/dtype.js'
import {isFloat} from '../../../src/ir/dtype.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../src/ir/model.js'
import {type Tensor, tensorOf} from '../../../src/ir/tensor.js'
import type {Value} from '../../../src/ir/value.js'
import {inferModel, opsetOf} from '../../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../../src/ops/operand.js'
import {lookup} from '../../../src/ops/registry.js'

/** A float tensor that is differentiated: its shape, and the range its values are spread over (−1.5 … 1.5). */
export interface Moving {
  readonly shape: readonly number[]
  readonly low: number
  readonly high: number
  /** Sizes stay numbers where the other inputs' become names: weights. */
  readonly fixed?: boolean
}

/** One call of an operator whose gradient is compared with differences; constants are not differentiated. */
export interface GradientCase {
  readonly inputs: readonly (Moving | Tensor | undefined)[]
  readonly attributes?: Readonly<Record<string, AttributeLike>>
  readonly outputs?: number
  /** Opsets to run at; the first and the last that the record holds for, from 16 to 24, when absent. */
  readonly opsets?: readonly number[]
  /** What the rule needs known: without it every size of the inputs that move is a name as well. */
  readonly sizes?: 'numbers'
  /** ONNX Runtime computes in float32 whatever the type. */
  readonly single?: boolean
  /** How many of the outputs the loss depends on; all when absent. */
  readonly used?: number
}

export function moving(...shape: number[]): Moving {
  return {shape, low: -1.5, high: 1.5}
}

export function weight(...shape: number[]): Moving {
  return {shape, low: -1.5, high: 1.5, fixed: true}
}

export function within(low: number, high: number, ...shape: number[]): Moving {
  return {shape, low, high}
}

/** The largest difference between the rule and central differences, over the largest gradient. */
export interface Agreement {
  readonly error: number
  readonly tolerance: number
  readonly dtype: FloatType
}

type FloatType = 'float32' | 'float64'
type Numbers = Float32Array | Float64Array
const ARRAYS = {float32: Float32Array, float64: Float64Array} as const

/** Central differences in double precision where the runtime has the kernels, single where not; these bounds leave them room. */
const TOLERANCE = {float64: 1e-6, float32: 4e-3} as const
const STEP = {float64: 1e-4, float32: 1e-2} as const

/** Compares the gradient rule of a node with central differences, both computed by ONNX Runtime. */
export async function checkGradient(
  parts: {domain: string; type: string; opset: number; named: boolean},
  gradientCase: GradientCase,
): Promise<Agreement> {
  if (gradientCase.single) return compare(parts, gradientCase, 'float32')
  try {
    return await compare(parts, gradientCase, 'float64')
  } catch (error) {
    // no float64 kernel in the CPU build, or a definition that wants float32
    if (
      !/NOT_IMPLEMENTED|Could not find an implementation|Type Error|INVALID_GRAPH|not supported|does not support|expected output/i.test(
        String(error),
      )
    )
      throw error
    return compare(parts, gradientCase, 'float32')
  }
}

type Parts = Parameters<typeof checkGradient>[0]

async function compare(parts: Parts, gradientCase: GradientCase, dtype: FloatType): Promise<Agreement> {
  const data = gradientCase.inputs.map((input, index) => (isMoving(input) ? spread(input, index, dtype) : undefined))
  const forward = await sessionOf(modelOf(parts, gradientCase, dtype).model)
  const outputs = await forward.run(feedsOf(gradientCase, data, dtype))
  const names = forward.outputNames.filter((name) => isFloat(outputs[name]?.type as DType)).slice(0, gradientCase.used)
  const weights = names.map((name, index) => spreadOver(outputs[name]?.dims ?? [], -1, 1, 17 + index, dtype))
  const lossOf = async () => {
    const results = await forward.run(feedsOf(gradientCase, data, dtype))
    return names.reduce((sum, name, index) => sum + dot(results[name]?.data as Numbers, weights[index] as Numbers), 0)
  }
  const {model, gradients} = withGradient(parts, gradientCase, dtype)
  const session = await sessionOf(model)
  const feeds: Record<string, OrtTensor> = feedsOf(gradientCase, data, dtype)
  names.forEach((name, index) => {
    feeds[`weight_${index}`] = new OrtTensor(dtype, weights[index] as Numbers, outputs[name]?.dims)
  })
  const results = await session.run(feeds)
  let [error, peak] = [0, 1]
  for (const [index, values] of data.entries()) {
    if (!values) continue
    const step = Math.min(STEP[dtype], (gapOf(gradientCase.inputs[index] as Moving) ?? 1) / 4)
    const name = gradients.get(index)
    const found = (name ? results[name]?.data : new ARRAYS[dtype](values.length)) as Numbers
    if (found.length !== values.length)
      throw new Error(`gradient ${index} has ${found.length} elements, not ${values.length}`)
    for (let at = 0; at < values.length; at++) {
      const wanted = await difference(values, at, step, lossOf)
      error = Math.max(error, Math.abs(wanted - (found[at] as number)))
      peak = Math.max(peak, Math.abs(wanted))
    }
  }
  await Promise.all([forward.release(), session.release()])
  return {error: Number.isNaN(error) ? Infinity : error / peak, tolerance: TOLERANCE[dtype], dtype}
}

async function difference(values: Numbers, at: number, step: number, lossOf: () => Promise<number>): Promise<number> {
  const middle = values[at] as number
  values[at] = middle + step
  const high = await lossOf()
  const top = values[at] as number
  values[at] = middle - step
  const low = await lossOf()
  const width = top - (values[at] as number)
  values[at] = middle
  return (high - low) / width
}

function isMoving(input: Moving | Tensor | undefined): input is Moving {
  return input !== undefined && 'low' in input
}

/** The case's model; sizes of inputs that move are names when `named`. */
function modelOf(
  parts: Parts,
  gradientCase: GradientCase,
  dtype: FloatType,
): {model: Model; inputs: (Value | undefined)[]; outputs: Value[]} {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const inputs = gradientCase.inputs.map((input, index) => {
    if (!input) return undefined
    if (!isMoving(input)) return build.constant(inType(input, dtype), `constant_${index}`)
    const shape = parts.named && !input.fixed ? input.shape.map((_, axis) => `s${index}_${axis}`) : input.shape
    return build.input(`input_${index}`, shape, dtype)
  })
  const node = build.node(parts.type, inputs, gradientCase.attributes, {
    domain: parts.domain,
    outputs: gradientCase.outputs ?? 1,
  })
  const outputs = node.outputs.filter((value) => value !== undefined)
  for (const value of outputs) build.output(value)
  const model = emptyModel(graph, parts.opset)
  model.opsets.set('com.microsoft', 1)
  model.irVersion = 10
  inferModel(model)
  return {model, inputs, outputs}
}

/** The model with a weighted sum of its outputs as the loss, and the names of its gradients by input slot. */
function withGradient(
  parts: Parts,
  gradientCase: GradientCase,
  dtype: FloatType,
): {model: Model; gradients: Map<number, string>} {
  const {model, inputs, outputs} = modelOf(parts, gradientCase, dtype)
  const build = new GraphBuilder(model.graph)
  const floats = outputs.filter((value) => isFloat(dtypeOf(value) ?? 'float32')).slice(0, gradientCase.used)
  const terms = floats.map((value, index) => {
    const factor = build.input(`weight_${index}`, shapeOf(value), dtype)
    return build.op('ReduceSum', [build.op('Mul', [value, factor])], {keepdims: 0})
  })
  const loss = terms.length === 1 ? (terms[0] as Value) : build.op('Sum', terms)
  inferModel(model)
  const wrt = inputs.filter((value) => value && !value.constant && isFloat(dtypeOf(value) ?? 'float32')) as Value[]
  const found = backward(model.graph, {loss, wrt}, {specOf: (node) => lookup(node, opsetOf(node, model))})
  const gradients = new Map<number, string>()
  for (const [value, gradient] of found) {
    const named = build.op('Identity', [gradient], {}, {outputs: [`gradient_${value.name}`]})
    build.output(named)
    gradients.set(inputs.indexOf(value), named.name)
  }
  return {model, gradients}
}

function feedsOf(
  gradientCase: GradientCase,
  data: readonly (Numbers | undefined)[],
  dtype: FloatType,
): Record<string, OrtTensor> {
  const feeds: Record<string, OrtTensor> = {}
  gradientCase.inputs.forEach((input, index) => {
    if (isMoving(input)) feeds[`input_${index}`] = new OrtTensor(dtype, data[index] as Numbers, input.shape)
  })
  return feeds
}

function sessionOf(model: Model): Promise<InferenceSession> {
  return InferenceSession.create(encodeModel(model), {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
  })
}

function inType(tensor: Tensor, dtype: FloatType): Tensor {
  if (tensor.dtype !== 'float32') return tensor
  return tensorOf(dtype, tensor.shape, ARRAYS[dtype].from(tensor.read() as Float32Array))
}

function gapOf({shape, low, high}: Moving): number | undefined {
  const count = shape.reduce((product, size) => product * size, 1)
  return count > 1 ? (high - low) / count : undefined
}

function spread({shape, low, high}: Moving, seed: number, dtype: FloatType): Numbers {
  return spreadOver(shape, low, high, seed, dtype)
}

/** Values at equal distances, none on the middle or the border, in an order without pattern: kinks and ties are never within a step. */
function spreadOver(shape: readonly number[], low: number, high: number, seed: number, dtype: FloatType): Numbers {
  const count = shape.reduce((product, size) => product * size, 1)
  const order = Array.from({length: count}, (_, index) => index)
  let state = seed * 7919 + 12345
  for (let index = count - 1; index > 0; index--) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    const other = (state >>> 8) % (index + 1)
    ;[order[index], order[other]] = [order[other] as number, order[index] as number]
  }
  // inputs of one call are shifted against each other, so that no two of them tie
  const shift = 0.35 + 0.07 * (seed % 5)
  return new ARRAYS[dtype](order.map((place) => low + ((place + shift) / count) * (high - low)))
}

function dot(a: Numbers, b: Numbers): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number)
  return sum
}
