import {byteLengthOf} from '../../../ir/dtype.js'
import type {Graph} from '../../../ir/graph.js'
import {elementCount, float32, readFloat32, type Tensor, tensorOf} from '../../../ir/tensor.js'
import {float16Weight} from '../float16/float16-weight.js'
import {storedHalves} from '../float16/stored-halves.js'
import {fromRows, toRows} from '../numbers/block-rows.js'
import {quantizeWeight} from '../numbers/quantize-weight.js'
import {roundHalfToEven} from '../numbers/round-half-to-even.js'
import {packNibbles} from '../numbers/weight-type.js'
import {dequantizedWeight} from './dequantize-for-training.js'
import {readIntegers} from './read-integers.js'
import {type Reading, type StoredBias, type StoredIntegers, storedBiases, storedIntegers} from './stored-integers.js'

/** |bias| / scale must stay below this, so that the int32 accumulator keeps room for the products. */
const BIAS_PEAK = 2 ** 30

/**
 * Puts trained numbers back into a quantized graph: rounded to integers of the type they were kept in, with the scales that their
 * largest magnitudes ask for, int32 biases with the scales that follow from those, 16-bit numbers to 16 bits. Nodes, names and everything else stay.
 *
 * @param graph the original that `dequantizeForTraining` turned a copy of.
 * @param trained by the names of constants; data is kept, not copied.
 * @returns those of constants that are floats in the graph.
 */
export function requantizeTrained(graph: Graph, trained: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  const weights = storedIntegers(graph)
  const biases = storedBiases(graph, weights)
  const floats = new Map(trained)
  for (const weight of weights) {
    const own = biases.filter((bias) => bias.weight === weight).map((bias) => biasNumbers(bias, trained))
    const numbers = changedNumbers(weight, trained)
    if (numbers || own.some(({isTrained}) => isTrained)) requantize(graph, weight, numbers, own)
    for (const value of [weight.value, ...own.map(({bias}) => bias.value)]) floats.delete(value.name)
  }
  for (const {value} of storedHalves(graph)) {
    const numbers = trained.get(value.name)
    if (!numbers) continue
    graph.setConstant(value, float16Weight(float32(numbers, value.constant?.shape), value.name))
    floats.delete(value.name)
  }
  return floats
}

/** What a weight has become; undefined where training kept it: its integers may be rounded better than by their largest magnitudes. */
function changedNumbers(stored: StoredIntegers, trained: ReadonlyMap<string, Float32Array>): Float32Array | undefined {
  const numbers = trained.get(stored.value.name)
  if (!numbers) return undefined
  const before = readFloat32(dequantizedWeight(stored))
  return numbers.some((value, i) => value !== before[i]) ? numbers : undefined
}

/** A bias beside a weight. */
interface BiasNumbers {
  readonly bias: StoredBias
  /** What it is to be. */
  readonly numbers: Float32Array
  readonly isTrained: boolean
  /** Scales of the layer's input: those of the bias over those of the weight. */
  readonly inputScales: Float32Array
}

function biasNumbers(bias: StoredBias, trained: ReadonlyMap<string, Float32Array>): BiasNumbers {
  const scales = readFloat32(bias.scales.value.constant as Tensor)
  const numbers = trained.get(bias.value.name)
  const before = products(Float32Array.from(readIntegers(bias.value.constant as Tensor)), scales)
  const inputScales = quotients(scales, readFloat32(bias.weight.scales))
  return {bias, numbers: numbers ?? before, isTrained: numbers !== undefined, inputScales}
}

/** A weight and its biases, which hang on its scales; without numbers the weight stays as it is. */
function requantize(
  graph: Graph,
  stored: StoredIntegers,
  numbers: Float32Array | undefined,
  own: readonly BiasNumbers[],
): void {
  const scales = numbers ? requantizeWeight(graph, stored, numbers, own) : readFloat32(stored.scales)
  for (const {bias, numbers: biases, inputScales} of own) {
    requantizeBias(graph, bias, biases, products(inputScales, scales))
  }
}

/** @returns the new scales. */
function requantizeWeight(
  graph: Graph,
  stored: StoredIntegers,
  numbers: Float32Array,
  own: readonly BiasNumbers[],
): Float32Array {
  const {value, type, scales, zeroPoints, uses} = stored
  const {shape} = value.constant as Tensor
  const rows = toRows(float32(numbers, shape), stored)
  // one element per entry: blocks are laid out before they are packed
  const plain = {...type, dtype: type.low < 0 ? 'int8' : 'uint8'} as const
  const atLeast = smallestScales(elementCount(scales.shape), own)
  const options = {axis: rows.axis, type: plain, ...(own.length > 0 && {atLeast})}
  const {integers, scaleValues, zeroPoints: points} = quantizeWeight(rows.tensor, value.name, options)
  graph.setConstant(value, asStored(fromRows(integers, shape, stored), type.dtype))
  const scaleReadings = uses.map((use) => use.scales)
  // in float32 even where they were float16: training computed with these
  replaceConstant(graph, scaleReadings, float32(scaleValues, scales.shape))
  if (zeroPoints && points) {
    const pointReadings = uses.flatMap((use) => use.zeroPoints ?? [])
    const moved = asStored(tensorOf('uint8', zeroPoints.shape, points.read()), zeroPoints.dtype)
    replaceConstant(graph, pointReadings, moved)
  }
  return scaleValues
}

function requantizeBias(graph: Graph, {value, scales}: StoredBias, numbers: Float32Array, to: Float32Array): void {
  const steps = Int32Array.from(numbers, (number, c) => {
    return roundHalfToEven(number / (to[to.length === 1 ? 0 : c] as number))
  })
  graph.setConstant(value, tensorOf('int32', value.constant?.shape ?? [], steps))
  replaceConstant(graph, [scales], float32(to, scales.value.constant?.shape))
}

/** Scales at which each bias still fits in int32, `[channels]`. */
function smallestScales(channels: number, own: readonly BiasNumbers[]): Float32Array {
  const bounds = new Float32Array(channels)
  for (const {numbers, inputScales} of own) {
    numbers.forEach((number, c) => {
      const at = channels === 1 ? 0 : c
      const input = inputScales[inputScales.length === 1 ? 0 : c] as number
      bounds[at] = Math.max(bounds[at] as number, Math.abs(number) / (input * BIAS_PEAK))
    })
  }
  return bounds
}

/** Element by element; the shorter is one number for all. */
function products(a: Float32Array, b: Float32Array): Float32Array {
  return combined(a, b, (x, y) => x * y)
}

function quotients(a: Float32Array, b: Float32Array): Float32Array {
  return combined(a, b, (x, y) => x / y)
}

function combined(a: Float32Array, b: Float32Array, compute: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({length: Math.max(a.length, b.length)}, (_, i) => {
    return compute(a[a.length === 1 ? 0 : i] as number, b[b.length === 1 ? 0 : i] as number)
  })
}

/** Integers of one entry each, as the file keeps them. */
function asStored(plain: Tensor, dtype: Tensor['dtype']): Tensor {
  const data = plain.read() as Int8Array | Uint8Array
  if (dtype !== 'int4' && dtype !== 'uint4') return tensorOf(dtype, plain.shape, data)
  const packed = new Uint8Array(byteLengthOf(dtype, data.length))
  let done = 0
  for (const piece of packNibbles([data])) {
    packed.set(piece, done)
    done += piece.length
  }
  return tensorOf(dtype, plain.shape, packed)
}

/** Gives a constant other contents where some read it; who else does keeps what it had. */
function replaceConstant(graph: Graph, readings: readonly Reading[], to: Tensor): void {
  const [first] = readings
  if (!first) return
  const isOwn = [...first.value.uses].every((use) => {
    return 'node' in use && readings.some(({node, slot}) => node === use.node && slot === use.index)
  })
  const target = isOwn ? first.value : graph.constant(to, first.value.name)
  graph.setConstant(target, to)
  for (const {node, slot} of readings) graph.setInput(node, slot, target)
}
