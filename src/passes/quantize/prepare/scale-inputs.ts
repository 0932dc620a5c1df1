import type {Node} from '../../../ir/node.js'
import {derivedTensor, readFloat32, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, Skip} from '../../pass.js'
import {channelLayout, forEachRun} from '../numbers/channel-layout.js'

/** A tensor `[…, K]` that only products with constant weights read. */
export interface ScalableInput {
  readonly tensor: string
  readonly channels: number
  /** max|w| of each channel over the weights of all these products, `[channels]`; computed when asked for. */
  weightPeaks(): Float64Array
}

export interface ScaleInputsOptions {
  /** What each channel of a tensor is divided by and its weights are multiplied with, all positive; undefined to leave it alone. */
  factorsOf(input: ScalableInput): Float64Array | undefined
}

/**
 * Moves factors from channels of activations into the weights that multiply them: exact in float, but what rounding does to either
 * changes. AWQ makes weights of large inputs larger, so that they lose less in 4 bits; SmoothQuant takes outliers out of the inputs, so
 * that these lose less in 8. The division itself costs nothing: it goes into the layer in front, the scale and offset of a normalization
 * or the columns of a product, through a Relu between.
 *
 * @see Lin et al. 2023, arXiv:2306.00978; Xiao et al. 2022, arXiv:2211.10438. `awqFactors` and `smoothFactors` give the factors.
 */
export function scaleInputs({factorsOf}: ScaleInputsOptions): Pass {
  return {
    name: 'scale-inputs',
    run(graph) {
      const changed: Change[] = []
      const skipped: Skip[] = []
      for (const node of graph.nodes()) {
        const [value] = node.outputs
        const weights = value && weightsBehind(value)
        if (!value || !weights) continue
        const found = parametersOf(node)
        if (typeof found === 'string') {
          skipped.push({node: node.name, op: node.opType, reason: found})
          continue
        }
        const channels = found[0]?.channels ?? 0
        const input = {tensor: value.name, channels, weightPeaks: () => peaks(weights, channels)}
        const factors = weights.every((weight) => sizeOf(weight) === channels) ? factorsOf(input) : undefined
        if (!factors) continue
        const inverse = factors.map((factor) => 1 / factor)
        for (const parameter of found) multiply(parameter, inverse)
        for (const weight of weights) multiply(weight, factors)
        changed.push({rule: 'scale-inputs', node: node.name, op: node.opType, count: weights.length})
      }
      return {changed, skipped}
    },
  }
}

/** A constant and its axis that counts the channels. */
interface Parameter {
  readonly value: Value
  readonly axis: number
}

const sizeOf = ({value, axis}: Parameter) => value.constant?.shape[axis] ?? 0

/** The weights that a tensor is multiplied with; undefined when anything else reads it. */
function weightsBehind(value: Value): Parameter[] | undefined {
  if (value.isOutput || value.uses.size === 0) return undefined
  const weights = [...value.uses].map((use): Parameter | undefined => {
    if (!('node' in use) || use.index !== 0 || use.node.domain !== '') return undefined
    const {node} = use
    const isProduct = node.opType === 'MatMul' || (node.opType === 'Gemm' && node.int('transA', 0) === 0)
    const weight = isProduct ? node.inputs[1] : undefined
    if (!weight || !isOwn(weight) || weight.constant?.shape.length !== 2) return undefined
    return {value: weight, axis: node.opType === 'Gemm' && node.int('transB', 0) ? 1 : 0}
  })
  return weights.includes(undefined) ? undefined : (weights as Parameter[])
}

type Scaled = Parameter & {readonly channels: number}

/** The constants to divide so that a node's result is divided by channel; or the reason why there are none. */
function parametersOf(node: Node): Scaled[] | string {
  const {opType} = node
  if (opType === 'Relu') return throughRelu(node)
  if (opType === 'LayerNormalization' && node.int('axis', -1) === -1) return vectors(node.inputs.slice(1, 3))
  if (opType === 'SimplifiedLayerNormalization') return vectors(node.inputs.slice(1, 2))
  if (node.domain === '' && (opType === 'Gemm' || opType === 'MatMul')) return columns(node)
  if (node.domain === '' && (opType === 'Add' || opType === 'Mul')) return affine(node)
  return 'nothing in front of its products takes factors up'
}

function throughRelu(node: Node): Scaled[] | string {
  const before = node.inputs[0]
  if (!before?.producer || before.uses.size !== 1 || before.isOutput) return 'what its Relu reads is read elsewhere too'
  return before.producer.opType === 'Relu' ? 'one Relu follows another' : parametersOf(before.producer)
}

/** `Mul(x, γ)`, or `Add(…, β)` of a scaled tensor or a product that nothing else reads. */
function affine(node: Node): Scaled[] | string {
  const index = node.inputs.findIndex((input) => input?.constant)
  const [vector, data] = [node.inputs[index], node.inputs[1 - index]]
  const own = vectors([vector])
  if (node.opType === 'Mul' || typeof own === 'string') return own
  if (!data?.producer || data.uses.size !== 1 || data.isOutput) return 'what it adds to is read elsewhere too'
  if (!['Mul', 'MatMul'].includes(data.producer.opType)) return 'what it adds to takes no factors up'
  const before = parametersOf(data.producer)
  return typeof before === 'string' ? before : [...before, ...own]
}

function columns(node: Node): Scaled[] | string {
  const [, weight, bias] = node.inputs
  if (!weight || !isOwn(weight) || weight.constant?.shape.length !== 2) return 'its weight is no matrix of its own'
  const axis = node.opType === 'Gemm' && node.int('transB', 0) ? 0 : 1
  const own = {value: weight, axis, channels: weight.constant.shape[axis] ?? 0}
  if (!bias) return [own]
  const offset = vectors([bias])
  return typeof offset === 'string' ? offset : [own, ...offset]
}

/** Vectors that nobody else reads, of one length. */
function vectors(values: readonly (Value | undefined)[]): Scaled[] | string {
  const own = values.flatMap((value) => {
    const shape = value?.constant?.shape ?? []
    return value && isOwn(value) && shape.length === 1 ? [{value, axis: 0, channels: shape[0] ?? 0}] : []
  })
  const expected = values.filter(Boolean).length
  if (own.length === 0 || own.length < expected) return 'its scale and offset are no vectors of its own'
  return own.some(({channels}) => channels !== own[0]?.channels) ? 'its scale and offset differ in length' : own
}

function isOwn(value: Value): boolean {
  return value.constant?.dtype === 'float32' && value.uses.size === 1 && !value.isOutput
}

function multiply({value, axis}: Parameter, factors: Float64Array): void {
  const weight = value.constant as Tensor
  const layout = channelLayout(weight.shape, axis)
  const scaled = derivedTensor('float32', weight.shape, () => {
    const values = Float32Array.from(readFloat32(weight))
    forEachRun(layout, (start, channel) => {
      for (let i = start; i < start + layout.inner; i++) {
        values[i] = (values[i] as number) * (factors[channel] as number)
      }
    })
    return values
  })
  value.graph.setConstant(value, scaled)
}

function peaks(weights: readonly Parameter[], channels: number): Float64Array {
  const found = new Float64Array(channels)
  for (const {value, axis} of weights) {
    const weight = value.constant as Tensor
    const layout = channelLayout(weight.shape, axis)
    const values = readFloat32(weight)
    forEachRun(layout, (start, channel) => {
      for (let i = start; i < start + layout.inner; i++) {
        found[channel] = Math.max(found[channel] as number, Math.abs(values[i] as number))
      }
    })
  }
  return found
}
