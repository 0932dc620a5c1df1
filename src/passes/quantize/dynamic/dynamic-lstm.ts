import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {derivedTensor, float32, type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {quantizeWeight} from '../numbers/quantize-weight.js'
import {transposed} from '../weights/transposed.js'
import type {DynamicOptions} from './dynamic-matmul.js'

/** ONNX Runtime's own domain: DynamicQuantizeLSTM quantizes its input at every step and keeps int8 weights in memory. */
const RUNTIME_DOMAIN = 'com.microsoft'

/**
 * LSTM with constant weights as com.microsoft DynamicQuantizeLSTM: input weights with one scale per gate row, recurrent ones with one
 * per direction, because they are multiplied at every step and scales per row made lstm_spam 1.28 times as slow (0.137 ms against
 * 0.107) for no gain in exactness.
 *
 * @see ONNX Runtime, docs/ContribOperators.md, DynamicQuantizeLSTM: W and R are transposed, `[directions, in, 4 · hidden]`.
 */
export function quantizeDynamicLstm(options: DynamicOptions): Pass {
  return {name: 'dynamic-lstm', run: (graph) => run(graph, options)}
}

function run(graph: Graph, options: DynamicOptions): PassReport {
  const changed: Change[] = []
  const weights = new Map<string, IntegerWeight>()
  for (const node of graph.allNodes()) {
    const type = options.typeOf(node)
    if (!type) continue
    const dtype = type.dtype === 'uint8' ? 'uint8' : 'int8'
    rewrite(node, weights, {...options, dtype})
    changed.push({rule: 'dynamic', form: 'dynamic', node: node.name, op: node.opType, from: 'float32', to: dtype})
  }
  return {changed, skipped: []}
}

/** The reason why an LSTM has no integer kernel. */
export function whyNotDynamicLstm(node: Node): string | undefined {
  const [, weight, recurrence] = node.inputs
  if (weight?.constant?.dtype !== 'float32' || recurrence?.constant?.dtype !== 'float32') {
    return 'its weights are not float32 constants'
  }
  if (node.int('layout', 0) !== 0) return 'the runtime has no integer kernel for layout 1'
  return undefined
}

/** How weights are stored. */
interface WeightOptions extends Pick<DynamicOptions, 'perChannel' | 'peak'> {
  readonly dtype: 'int8' | 'uint8'
}

function rewrite(node: Node, weights: Map<string, IntegerWeight>, options: WeightOptions): void {
  const {graph} = node
  const [weight, recurrence] = (node.inputs.slice(1, 3) as Value[]).map((value, index) => {
    const key = `${value.name}|${options.dtype}`
    const integers = weights.get(key) ?? quantized(value, {...options, perChannel: options.perChannel && index === 0})
    weights.set(key, integers)
    return integers
  }) as [IntegerWeight, IntegerWeight]
  const rest = Array.from({length: 5}, (_, i) => node.inputs[3 + i])
  const made = graph.insertBefore(node, {
    opType: 'DynamicQuantizeLSTM',
    domain: RUNTIME_DOMAIN,
    inputs: [node.inputs[0], weight.integers, recurrence.integers, ...rest, ...weight.scale, ...recurrence.scale],
    outputs: 0,
    attributes: Object.fromEntries([...node.attributes].filter(([name]) => name !== 'layout')),
  })
  node.outputs.forEach((value, index) => {
    if (value) graph.moveOutput(value, made, index)
  })
  const old = node.inputs.slice(1, 3) as Value[]
  graph.remove(node)
  for (const value of old) if (value.uses.size === 0) value.graph.removeConstant(value)
}

/** int8 or uint8 `[directions, in, 4 · hidden]`, and its scales and zero points: per gate row, or per direction. */
interface IntegerWeight {
  readonly integers: Value
  readonly scale: readonly [scales: Value, zeroPoints: Value]
}

function quantized(weight: Value, {perChannel, peak, dtype}: WeightOptions): IntegerWeight {
  const {graph} = weight
  const tensor = weight.constant as Tensor
  const [directions = 1, rows = 1] = tensor.shape
  const {integers, scaleValues} = quantizeWeight(tensor, weight.name, {
    axis: perChannel ? 'rows' : 0,
    ...(peak && {peak}),
  })
  const shape = perChannel ? [directions, rows] : [directions]
  const stored = dtype === 'uint8' ? unsigned(integers) : integers
  return {
    integers: graph.constant(transposed(stored), `${weight.name}_q`),
    scale: [
      graph.constant(float32(scaleValues, shape), `${weight.name}_s`),
      graph.constant(zeroPoints(dtype, shape, scaleValues.length), `${weight.name}_z`),
    ],
  }
}

/** The kernel takes unsigned weights only with one zero point for all: the signed ones, moved up to a zero point in the middle. */
function unsigned(integers: Tensor): Tensor {
  return derivedTensor('uint8', integers.shape, () =>
    Uint8Array.from(integers.read() as Int8Array, (value) => value + MIDDLE),
  )
}

const MIDDLE = 128

function zeroPoints(dtype: 'int8' | 'uint8', shape: readonly number[], count: number): Tensor {
  return dtype === 'uint8'
    ? tensorOf('uint8', shape, new Uint8Array(count).fill(MIDDLE))
    : tensorOf('int8', shape, new Int8Array(count))
}
