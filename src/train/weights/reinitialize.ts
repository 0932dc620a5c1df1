import type {SpecOf} from '../../autodiff/backward.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {elementCount, float32, type Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {type IsFrozen, type Parameter, selectParameters, untieConstants} from '../step/parameters.js'
import {normal, uniform} from './random-weights.js'

/** How the first contents of a tensor are drawn. */
type Draw = (shape: readonly number[], seed: number) => Float32Array

/** Of learned tensors that no layer multiplies with: positions, class tokens. The usual choice of transformers. */
const SMALL_DEVIATION = 0.02
/** PyTorch's default slope. */
const PRELU_SLOPE = 0.25

/**
 * Gives a model new weights, as PyTorch's layers begin: uniform in ±1/√fanIn with their biases (Linear, convolutions), uniform in
 * ±1/√hidden (LSTM, GRU, RNN), normal (embeddings), ones and zeros (normalizations, whose running statistics start anew too).
 * Same seed, same weights.
 *
 * @param graph modified; biases are untied.
 * @param isFrozen what keeps its weights, by names of constants or of the nodes that read them.
 * @returns names of the constants that were drawn.
 * @see torch.nn.Linear, Conv2d, LSTM, Embedding and BatchNorm2d: `reset_parameters`.
 */
export function reinitialize(
  graph: Graph,
  {specOf, isFrozen, seed}: {specOf: SpecOf; isFrozen?: IsFrozen | undefined; seed: number},
): string[] {
  untieConstants(graph, specOf)
  const {trainable} = selectParameters(graph, specOf, isFrozen)
  const nodes = new Map(graph.nodes().map((node) => [node.name, node]))
  const drawn: string[] = []
  const fill = (value: Value, draw: Draw): void => {
    const shape = (value.constant as Tensor).shape
    graph.setConstant(value, float32(draw(shape, (seed * 1_000_003 + drawn.length) | 0), shape))
    drawn.push(value.name)
  }
  for (const parameter of trainable) {
    const [reader] = parameter.readers.map((name) => nodes.get(name))
    const draw = reader && drawOf(parameter, reader)
    if (draw) fill(parameter.value, draw)
  }
  const moved = new Set(drawn)
  for (const node of nodes.values()) {
    const [, scale, , mean, variance] = node.inputs
    if (node.opType !== 'BatchNormalization' || !scale || !moved.has(scale.name)) continue
    if (mean?.constant) fill(mean, constant(0))
    if (variance?.constant) fill(variance, constant(1))
  }
  return drawn
}

/** Undefined for a single number that something is scaled or shifted by: it is part of the recipe, not learned. */
function drawOf({value, role}: Parameter, reader: Node): Draw | undefined {
  if (RECURRENT.has(reader.opType)) return evenly(Number(reader.int('hidden_size', 1)))
  if (reader.opType === 'Gather') return (shape, seed) => normal(shape, 1, seed)
  if (reader.opType === 'PRelu') return constant(PRELU_SLOPE)
  if (/Normalization$/.test(reader.opType)) return constant(sourceIndex(reader, value) === 1 ? 1 : 0)
  const fanIn = role === 'weight' ? fanInOf(reader, value) : fanInOfBias(reader, value)
  if (fanIn !== undefined) return evenly(fanIn)
  if (elementCount(value.constant?.shape ?? []) === 1) return undefined
  if (reader.opType === 'Mul') return constant(1)
  return (shape, seed) =>
    shape.length > 1 ? normal(shape, SMALL_DEVIATION, seed) : new Float32Array(elementCount(shape))
}

const RECURRENT: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'RNN'])

function evenly(fanIn: number): Draw {
  return (shape, seed) => uniform(shape, 1 / Math.sqrt(Math.max(1, fanIn)), seed)
}

function constant(number: number): Draw {
  return (shape) => new Float32Array(elementCount(shape)).fill(number)
}

/** Values that one element of the result is a sum over. */
function fanInOf(reader: Node, weight: Value): number {
  const shape = weight.constant?.shape ?? []
  const isFirst = sourceIndex(reader, weight) === 0
  if (reader.opType === 'MatMul') return shape.at(isFirst ? -1 : -2) ?? 1
  if (reader.opType === 'Gemm') {
    const isTransposed = reader.int(isFirst ? 'transA' : 'transB', 0) === 1
    return shape[isFirst === isTransposed ? 0 : 1] ?? 1
  }
  return elementCount(shape.slice(1))
}

/** Of the layer that a bias belongs to: the node itself, or the product that is added to. */
function fanInOfBias(reader: Node, bias: Value): number | undefined {
  const layer = reader.opType === 'Add' ? reader.inputs.find((input) => input !== bias)?.producer : reader
  const weight = layer?.inputs.find((input) => input?.constant && input !== bias && input.constant.shape.length > 1)
  return layer && weight && LAYERS.has(layer.opType) ? fanInOf(layer, weight) : undefined
}

const LAYERS: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'Conv', 'ConvTranspose'])

/** The slot of a constant, through Identity. */
function sourceIndex(reader: Node, value: Value): number {
  return reader.inputs.findIndex((input) => input === value || input?.producer?.inputs[0] === value)
}
