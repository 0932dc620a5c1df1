import {GraphBuilder} from '../../../ir/build.js'
import {fromFloat16} from '../../../ir/float16.js'
import type {Graph} from '../../../ir/graph.js'
import {float32, readFloat32, type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {removeDead} from '../../simplify/rules/remove-dead.js'
import {type StoredHalf, storedHalves} from '../float16/stored-halves.js'
import {fromRows, toRows} from '../numbers/block-rows.js'
import {channelLayout} from '../numbers/channel-layout.js'
import {fakeQuantized} from './fake-quantized.js'
import {readIntegers} from './read-integers.js'
import {type FloatUse, type StoredBias, type StoredIntegers, storedBiases, storedIntegers} from './stored-integers.js'

/**
 * Makes a quantized graph trainable: every weight that is kept as integers becomes a float constant of the same name, the numbers
 * its integers stand for, behind QuantizeLinear and DequantizeLinear on a grid that follows its largest magnitudes. Products on
 * integers become float ones of the same operands, int32 biases and stored 16-bit numbers floats. Quantized activations stay as they are. The graph computes
 * what it computed, up to rounding.
 *
 * `requantizeTrained` is the way back: it puts trained numbers into the file as it was.
 *
 * For the copy that is trained, not for the model that is written.
 *
 * @param opset of the graph.
 */
export function dequantizeForTraining(opset: number): Pass {
  return {name: 'dequantize-for-training', run: (graph) => run(graph, opset)}
}

async function run(graph: Graph, opset: number): Promise<PassReport> {
  const weights = storedIntegers(graph)
  const scales = new Set(weights.flatMap(({uses}) => uses.map((use) => use.scales.value)))
  const halves = storedHalves(graph).filter(({value}) => !scales.has(value))
  if (weights.length + halves.length === 0) return {changed: [], skipped: []}
  const biases = storedBiases(graph, weights)
  const changed = [
    ...weights.map((one) => release(graph, one, opset)),
    ...biases.map((one) => releaseBias(graph, one)),
    ...halves.flatMap((one) => releaseHalf(graph, one)),
  ]
  await removeDead.run(graph)
  return {changed, skipped: []}
}

function release(graph: Graph, stored: StoredIntegers, opset: number): Change {
  const {value, uses, type} = stored
  const [first] = graph.nodes()
  graph.setConstant(value, dequantizedWeight(stored))
  const weight = fakeQuantized(new GraphBuilder(graph, first ? {before: first} : {}), stored, opset)
  for (const use of uses) takePlace(graph, use.floats, floatsOf(graph, use, weight))
  const [{reader}] = uses
  return {rule: 'train-quantized', node: reader.name, op: reader.opType, from: type.dtype, to: 'float32'}
}

/** What takes the place of the floats of a use. */
function floatsOf(graph: Graph, {kind, reader, floats, scales}: FloatUse, weight: Value): Value {
  if (kind === 'whole' || !floats.producer) return weight
  const build = new GraphBuilder(graph, {before: floats.producer})
  const [data, second, zeroPoint] = reader.inputs
  if (kind === 'rows') return build.op('Gather', [weight, second], {axis: 0})
  const scaleOfData = scales.node.inputs[1 - scales.slot]
  return build.op('MatMul', [build.op('DequantizeLinear', [data, scaleOfData, zeroPoint]), weight])
}

/** Outputs of the graph keep their names. */
function takePlace(graph: Graph, old: Value, floats: Value): void {
  const {producer} = old
  if (producer && old.isOutput) {
    const copy = graph.insertBefore(producer, {opType: 'Identity', inputs: [floats]})
    graph.moveOutput(old, copy, 0)
  } else graph.replaceUses(old, floats)
}

function releaseBias(graph: Graph, {value, scales: {value: scales, node}}: StoredBias): Change {
  const steps = readIntegers(value.constant as Tensor)
  const factors = readFloat32(scales.constant as Tensor)
  const numbers = Float32Array.from(steps, (step, c) => step * (factors[factors.length === 1 ? 0 : c] as number))
  graph.setConstant(value, float32(numbers, value.constant?.shape))
  graph.replaceUses(node.outputs[0] as Value, value)
  return {rule: 'train-quantized', node: node.name, op: node.opType, from: 'int32', to: 'float32'}
}

function releaseHalf(graph: Graph, {value, casts}: StoredHalf): Change[] {
  const bits = value.constant?.read() as Uint16Array
  graph.setConstant(value, float32(Float32Array.from(bits, fromFloat16), value.constant?.shape))
  return casts.map((cast) => {
    takePlace(graph, cast.outputs[0] as Value, value)
    return {rule: 'train-quantized', node: cast.name, op: cast.opType, from: 'float16', to: 'float32'}
  })
}

/** The numbers that a weight's integers stand for, float32. */
export function dequantizedWeight({value, scales, zeroPoints, ...grid}: StoredIntegers): Tensor {
  const stored = value.constant as Tensor
  const steps = readIntegers(stored)
  const unpacked = tensorOf(steps instanceof Uint8Array ? 'uint8' : 'int8', stored.shape, steps)
  const rows = toRows(unpacked, grid)
  const {channels, inner} = channelLayout(rows.tensor.shape, rows.axis)
  const factors = readFloat32(scales)
  const points = zeroPoints && readIntegers(zeroPoints)
  const numbers = Float32Array.from(rows.tensor.read() as Int8Array, (step, i) => {
    const channel = Math.floor(i / inner) % channels
    return (step - (points?.[channel] ?? 0)) * (factors[channel] as number)
  })
  return fromRows(float32(numbers, rows.tensor.shape), stored.shape, grid)
}
