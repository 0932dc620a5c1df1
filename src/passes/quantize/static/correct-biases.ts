import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {readFloat32, readNumbers, type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {clampRange} from '../kernels/clamp-range.js'
import type {IntegerSpans} from '../plan/integer-spans.js'
import type {Range} from './activation-scale.js'
import {toldApart} from './told-apart.js'

/** A layer whose bias can make up for what integers do to the mean of its result. */
export interface BiasedLayer {
  readonly node: Node
  /** Slot of the bias. */
  readonly slot: number
  /** Name of the result in the float graph. */
  readonly float: string
  /** What the activation behind it lets through: values beyond are cut off, right or wrong. */
  readonly open: Range
}

/** The result of a layer, `[N, channels, …]`, in the float graph and in the quantized one. */
export interface LayerPair {
  readonly float: string
  readonly quantized: string
  readonly open: Range
}

/**
 * Measures the mean error of each layer's result, every layer given the inputs it has in float, only quantized.
 * @returns `[channels]` by name in the float graph.
 */
export type MeasureErrors = (layers: readonly LayerPair[]) => Promise<ReadonlyMap<string, Float32Array>>

/** The layers of a plan that have a bias; to be asked for before the plan is carried out. */
export function biasedLayers({compute, absorbed}: IntegerSpans): BiasedLayer[] {
  return [...compute].flatMap(([node, {bias: slot}]) => {
    const [result] = node.outputs
    if (slot === undefined || !node.inputs[slot] || !result) return []
    const activation = absorbed.get(result)
    return [{node, slot, float: result.name, open: activation ? clampRange(activation) : toldApart(result)}]
  })
}

/**
 * Takes the mean error of each channel out of its int32 bias. Rounding errors do not cancel where many values are the same, as on the
 * plain ground of a page or a picture: they shift whole channels, layer after layer.
 *
 * @see Nagel et al. 2019, arXiv:1906.04721, section 4.2; each layer on its own, as NNCF's fast bias correction does.
 */
export function correctBiases(layers: readonly BiasedLayer[], measure: MeasureErrors): Pass {
  return {name: 'correct-biases', run: (graph) => run(graph, layers, measure)}
}

async function run(graph: Graph, layers: readonly BiasedLayer[], measure: MeasureErrors): Promise<PassReport> {
  const changed: Change[] = []
  const pairs = layers.map(({node, float, open}) => ({float, quantized: node.outputs[0]?.name ?? float, open}))
  const errors = layers.length > 0 ? await measure(pairs) : new Map<string, Float32Array>()
  for (const {node, slot, float} of layers) {
    const error = errors.get(float)
    if (!error || !subtract(graph, node, slot, error)) continue
    changed.push({rule: 'correct-bias', node: node.name, op: node.opType})
  }
  return {changed, skipped: []}
}

/** @returns whether any step of the bias changed. */
function subtract(graph: Graph, node: Node, slot: number, error: Float32Array): boolean {
  const [integers, scale] = node.inputs[slot]?.producer?.inputs ?? []
  if (integers?.constant?.dtype !== 'int32' || !scale?.constant) return false
  const [steps, scales] = [readNumbers(integers.constant), readFloat32(scale.constant as Tensor)]
  const stepsOf = (c: number) => Math.round((error[c] ?? 0) / (scales[scales.length === 1 ? 0 : c] as number))
  const moved = Int32Array.from(steps, (value, c) => Number(value) - stepsOf(c))
  graph.setConstant(integers, tensorOf('int32', [moved.length], moved))
  return moved.some((value, c) => value !== Number(steps[c]))
}
