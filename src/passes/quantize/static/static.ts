import {NonFiniteError} from '../../../errors.js'
import {tensorAttribute} from '../../../ir/attribute.js'
import {axisFromStart} from '../../../ir/axis-from-start.js'
import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {elementCount, float32, readFloat32, scalar, type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {isFasterInFloat, sourceOf} from '../kernels/integer-kernels.js'
import {isOnlyZeros} from '../kernels/only-zeros.js'
import {channelLayout} from '../numbers/channel-layout.js'
import {quantizeWeight} from '../numbers/quantize-weight.js'
import {roundHalfToEven} from '../numbers/round-half-to-even.js'
import type {ChosenType, WeightType} from '../numbers/weight-type.js'
import type {ComputeFact, IntegerSpans} from '../plan/integer-spans.js'
import {type ActivationScale, type ActivationType, activationScale, type Range} from './activation-scale.js'
import {GroupRanges} from './group-ranges.js'

/** |bias| / scale must stay below this, so that the int32 accumulator keeps room for the products. */
const BIAS_PEAK = 2 ** 30

export interface StaticOptions {
  readonly plan: IntegerSpans
  /** What calibration saw, per name of `plan.tensors`. */
  readonly ranges: ReadonlyMap<string, Range>
  readonly perChannel: boolean
  /** Largest weight magnitude: 127, or 64 where the processor's u8×s8 products saturate. */
  readonly peak?: number
  /** uint8 when absent. */
  readonly activations?: ActivationType
  /** The type of a node's weight, int8 when absent: unsigned weights get zero points. */
  readonly typeOf?: ChosenType
}

/**
 * Writes a plan into the graph as QuantizeLinear/DequantizeLinear pairs: uint8 activations, symmetric int8 weights, int32 biases.
 * ONNX Runtime turns each pattern into an integer kernel at load.
 */
export function quantizeStatic(options: StaticOptions): Pass {
  return {name: 'quantize-static', run: (graph) => new Inserter(graph, options).run()}
}

/** A scale in the graph: constants of rank 0, shared by all values of a group. */
interface ScaleConstants extends ActivationScale {
  readonly scaleValue: Value
  readonly zeroPointValue: Value
}

/** A weight in the graph, as integers. */
interface IntegerWeight {
  readonly weight: Value
  readonly scales: Float32Array
  readonly scalesValue: Value
  /** Of unsigned weights; zeros otherwise. */
  readonly zeroPointsValue: Value
}

/** How a node uses its weight. */
interface WeightUse {
  readonly axis: number | undefined
  readonly bias: Value | undefined
  readonly inputScale: number
  readonly type: WeightType | undefined
}

class Inserter {
  readonly #scales = new Map<Value, ScaleConstants>()
  readonly #zeroPoints = new Map<number, Value>()
  readonly #weightZeroPoints = new Map<string, Value>()
  readonly #weights = new Map<string, IntegerWeight>()
  readonly #changed: Change[] = []
  readonly #ranges: GroupRanges

  constructor(
    private readonly graph: Graph,
    private readonly options: StaticOptions,
  ) {
    this.#ranges = new GroupRanges(options.plan, options.ranges)
  }

  run(): PassReport {
    const {plan} = this.options
    const inputScales = new Map([...plan.compute.keys()].map((node) => [node, this.#scaleOf(node.inputs[0] as Value)]))
    for (const [node, fact] of plan.compute)
      this.#quantizeParameters(node, fact, inputScales.get(node) as ScaleConstants)
    this.#separateFloats()
    for (const {node, index} of plan.fillings) this.#quantizeZeros(node, index)
    for (const tensor of plan.tensors) this.#quantizeActivation(tensor)
    for (const [value, activation] of plan.absorbed) this.#removeActivation(value, activation)
    return {changed: this.#changed, skipped: []}
  }

  #scaleOf(value: Value): ScaleConstants {
    const {plan} = this.options
    const root = plan.groups.rootOf(value)
    const known = this.#scales.get(root)
    if (known) return known
    const parameters = activationScale(this.#ranges.of(value), this.options.activations)
    const constants = {
      ...parameters,
      scaleValue: this.graph.constant(scalar('float32', parameters.scale), `${root.name}_s`),
      zeroPointValue: this.#zeroPoint(parameters.zeroPoint),
    }
    this.#scales.set(root, constants)
    return constants
  }

  #zeroPoint(zeroPoint: number): Value {
    const known = this.#zeroPoints.get(zeroPoint)
    if (known) return known
    const value = this.graph.constant(scalar(this.options.activations ?? 'uint8', zeroPoint), `zp${zeroPoint}`)
    this.#zeroPoints.set(zeroPoint, value)
    return value
  }

  /** Zeros, shared by all weights with as many channels: ONNX Runtime fuses Gemm only when they are written out. */
  #weightZeroPoint(channels: number, axis: number | undefined): Value {
    const name = axis === undefined ? 'wzp' : `wzp${channels}`
    const known = this.#weightZeroPoints.get(name)
    if (known) return known
    const zeros = tensorOf('int8', axis === undefined ? [] : [channels], new Int8Array(channels))
    const value = this.graph.constant(zeros, name)
    this.#weightZeroPoints.set(name, value)
    return value
  }

  #quantizeParameters(node: Node, fact: ComputeFact, input: ScaleConstants): void {
    const weight = node.inputs[fact.weight] as Value
    const bias = fact.bias === undefined ? undefined : node.inputs[fact.bias]
    const axis = this.options.perChannel ? positiveAxis(fact.channelAxis(node), weight) : undefined
    const type = this.options.typeOf?.(node)
    const quantized = this.#quantizedWeight(weight, {axis, bias, inputScale: input.scale, type})
    const build = new GraphBuilder(this.graph, {before: node})
    const attributes = axis === undefined ? {} : {axis}
    const parameters = [quantized.scalesValue, quantized.zeroPointsValue]
    const restored = build.op('DequantizeLinear', [quantized.weight, ...parameters], attributes, {
      outputs: [`${weight.name}_dq`],
    })
    this.graph.setInput(node, fact.weight, restored)
    if (bias && fact.bias !== undefined) {
      this.graph.setInput(node, fact.bias, this.#quantizedBias(build, bias, quantized.scales, input.scale))
    }
    this.#changed.push({
      rule: 'static',
      form: 'static',
      node: node.name,
      op: node.opType,
      from: 'float32',
      to: quantized.weight.constant?.dtype ?? '',
    })
    for (const value of [weight, bias]) if (value?.uses.size === 0) this.graph.removeConstant(value)
  }

  /** One integer copy of a shared weight, unless a bias asks for wider scales. */
  #quantizedWeight(weight: Value, {axis, bias, inputScale, type}: WeightUse): IntegerWeight {
    const {peak} = this.options
    if (bias?.constant) requireFinite(bias)
    const atLeast = bias?.constant && smallestScales(bias.constant, weight.constant as Tensor, axis, inputScale)
    const key = `${weight.name}|${axis}|${type?.dtype}`
    const known = this.#weights.get(key)
    if (known && !atLeast?.some((bound, c) => (known.scales[c] as number) < bound)) return known
    const {integers, scales, scaleValues, zeroPoints} = quantizeWeight(weight.constant as Tensor, weight.name, {
      axis,
      ...(peak && {peak}),
      ...(type && {type}),
      ...(atLeast && {atLeast}),
    })
    const entry = {
      weight: this.graph.constant(integers, `${weight.name}_q`),
      scales: scaleValues,
      scalesValue: this.graph.constant(scales, `${weight.name}_s`),
      zeroPointsValue: zeroPoints
        ? this.graph.constant(zeroPoints, `${weight.name}_z`)
        : this.#weightZeroPoint(scaleValues.length, axis),
    }
    this.#weights.set(key, entry)
    return entry
  }

  #quantizedBias(build: GraphBuilder, bias: Value, weightScales: Float32Array, inputScale: number): Value {
    const values = readFloat32(bias.constant as Tensor)
    const scales = Float32Array.from(
      values,
      (_, c) => inputScale * (weightScales[weightScales.length === 1 ? 0 : c] as number),
    )
    const integers = Int32Array.from(values, (value, c) => roundHalfToEven(value / (scales[c] as number)))
    const perChannel = weightScales.length > 1
    const scaleTensor = perChannel ? float32(scales) : scalar('float32', scales[0] ?? 1)
    return build.op(
      'DequantizeLinear',
      [
        this.graph.constant(tensorOf('int32', [integers.length], integers), `${bias.name}_q`),
        this.graph.constant(scaleTensor, `${bias.name}_s`),
      ],
      perChannel ? {axis: 0} : {},
      {outputs: [`${bias.name}_dq`]},
    )
  }

  /** Zeros as the zero point of the scale that they share: a constant, or a shape filled with it. */
  #quantizeZeros(node: Node, index: number): void {
    const zeros = node.inputs[index] as Value
    // all others have one scale, the result as well
    const other = node.inputs.find((value) => value && !isOnlyZeros(value))
    const {scaleValue, zeroPointValue, zeroPoint} = this.#scaleOf(other as Value)
    const type = this.options.activations ?? 'uint8'
    const build = new GraphBuilder(this.graph, {before: node})
    const filled = zeros.producer
      ? build.op('ConstantOfShape', [zeros.producer.inputs[0]], {
          value: tensorAttribute(fillingOf(type, [1], zeroPoint)),
        })
      : this.graph.constant(fillingOf(type, zeros.constant?.shape ?? [], zeroPoint), `${zeros.name}_q`)
    this.graph.setInput(node, index, build.op('DequantizeLinear', [filled, scaleValue, zeroPointValue]))
    if (zeros.constant && zeros.uses.size === 0) this.graph.removeConstant(zeros)
  }

  /** Integer kernels read the quantized value; so does everyone else when an integer kernel made it. */
  #quantizeActivation(value: Value): void {
    const {plan} = this.options
    const {scaleValue, zeroPointValue} = this.#scaleOf(value)
    const {producer} = value
    const madeByIntegers = producer !== undefined && (plan.integer.has(producer) || this.#isAbsorbed(producer))
    const readers = [...value.uses].filter((use) => madeByIntegers || ('node' in use && plan.integer.has(use.node)))
    if (readers.length === 0) return
    const [first] = producer ? [this.graph.nextOf(producer)] : this.graph.nodes()
    const build = first ? new GraphBuilder(this.graph, {before: first}) : new GraphBuilder(this.graph)
    const source = madeByIntegers && value.isOutput ? this.graph.detach(value) : value
    const parameters = [scaleValue, zeroPointValue]
    const quantized = build.op('QuantizeLinear', [source, ...parameters], {}, {outputs: [`${value.name}_q`]})
    const node = build.node('DequantizeLinear', [quantized, ...parameters], {}, {outputs: [`${value.name}_dq`]})
    if (madeByIntegers && source !== value) this.graph.moveOutput(value, node, 0)
    else for (const use of readers) if ('node' in use) this.graph.setInput(use.node, use.index, node.outputs[0])
  }

  /**
   * ONNX Runtime moves a QuantizeLinear in front of a MaxPool, where it quantizes four times the values and cuts the pool out of
   * the fast float layout, and makes integer kernels of others that are faster in float. A Sum of one operand copies the values
   * and stops that (cnn_fm 1.42× float without, 2.13× with it).
   */
  #separateFloats(): void {
    const {plan} = this.options
    const quantized = new Set(plan.tensors)
    for (const node of this.graph.nodes()) {
      const [input, output] = [node.inputs[0], node.outputs[0]]
      if (!input || !output || !isFasterInFloat(node) || plan.integer.has(node)) continue
      // fused across a Transpose, a Clip or a Relu, Softmax loses its axis, and AveragePool its input: the file would not load
      const isFused = node.opType !== 'MaxPool' && quantized.has(sourceOf(input)) && output.consumers.length > 0
      if (!isFused && !quantized.has(output)) continue
      const copy = this.graph.insertAfter(node, {opType: 'Sum', inputs: [this.graph.detach(output)], outputs: 0})
      this.graph.moveOutput(output, copy, 0)
    }
  }

  #isAbsorbed(node: Node): boolean {
    const [input] = node.inputs
    return input !== undefined && this.options.plan.absorbed.get(input) === node
  }

  /** The quantizer behind Relu and Clip saturates where they would: their output becomes the kernel's own. */
  #removeActivation(value: Value, activation: Node): void {
    const {producer} = value
    const output = activation.outputs[0]
    if (!producer || !output) return
    this.graph.setInput(activation, 0, undefined)
    this.graph.moveOutput(output, producer, producer.outputs.indexOf(value))
    this.graph.remove(activation)
    this.#changed.push({rule: 'absorb-activation', node: activation.name, op: activation.opType, to: producer.name})
  }
}

function positiveAxis(axis: number, weight: Value): number {
  return axisFromStart(axis, weight.constant?.shape.length ?? 0)
}

function fillingOf(type: ActivationType, shape: readonly number[], value: number): Tensor {
  const count = elementCount(shape)
  return tensorOf(type, shape, (type === 'int8' ? new Int8Array(count) : new Uint8Array(count)).fill(value))
}

/** @throws NonFiniteError: NaN would become 0 in silence. */
function requireFinite(bias: Value): void {
  const index = readFloat32(bias.constant as Tensor).findIndex((value) => !Number.isFinite(value))
  if (index >= 0) throw new NonFiniteError(bias.name, `element ${index}`)
}

/** The smallest weight scales at which each bias still fits in int32 at scale input × weight, `[channels]`. */
function smallestScales(bias: Tensor, weight: Tensor, axis: number | undefined, inputScale: number): Float32Array {
  const {channels} = channelLayout(weight.shape, axis)
  const bounds = new Float32Array(channels)
  readFloat32(bias).forEach((value, c) => {
    const at = channels === 1 ? 0 : c
    bounds[at] = Math.max(bounds[at] as number, Math.abs(value) / (inputScale * BIAS_PEAK))
  })
  return bounds
}
