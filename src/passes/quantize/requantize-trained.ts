import type {Graph} from '../../ir/graph.js'
import {float32, readFloat32, type Tensor, tensorOf} from '../../ir/tensor.js'
import {fromRows, toRows} from './block-rows.js'
import {float16Weight} from './float16-weight.js'
import {quantizeWeight} from './quantize-weight.js'
import {readIntegers} from './read-integers.js'
import {roundHalfToEven} from './round-half-to-even.js'
import {storedHalves} from './stored-halves.js'
import {type Reading, type StoredBias, type StoredIntegers, storedBiases, storedIntegers} from './stored-integers.js'
import {packNibbles} from './weight-type.js'

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
    const own = biases.filter((bias) => bias.weight === weight)
    const numbers = trained.get(weight.value.name)
    const biasNumbers = own.map((bias) => trained.get(bias.value.name) ?? numbersOf(bias))
    if (numbers) requantize(graph, weight, numbers, {own, biasNumbers})
    for (const {value} of [weight, ...own]) floats.delete(value.name)
  }
  for (const {value} of storedHalves(graph)) {
    const numbers = trained.get(value.name)
    if (!numbers) continue
    graph.setConstant(value, float16Weight(float32(numbers, value.constant?.shape), value.name))
    floats.delete(value.name)
  }
  return floats
}

/** The biases of a weight, and what they are to be. */
interface OwnBiases {
  readonly own: readonly StoredBias[]
  readonly biasNumbers: readonly Float32Array[]
}

function requantize(graph: Graph, stored: StoredIntegers, numbers: Float32Array, {own, biasNumbers}: OwnBiases): void {
  const {value, type, scales, zeroPoints, uses} = stored
  const {shape} = value.constant as Tensor
  const before = readFloat32(scales)
  const inputScales = own.map((bias) => quotients(scalesOf(bias), before))
  const rows = toRows(float32(numbers, shape), stored)
  // one element per entry: blocks are laid out before they are packed
  const plain = {...type, dtype: type.low < 0 ? 'int8' : 'uint8'} as const
  const bounds = smallestScales(before.length, inputScales, biasNumbers)
  const options = {axis: rows.axis, type: plain, ...(own.length > 0 && {atLeast: bounds})}
  const {integers, scaleValues, zeroPoints: points} = quantizeWeight(rows.tensor, value.name, options)
  graph.setConstant(value, stored4Or8(fromRows(integers, shape, stored), type.dtype))
  replaceConstant(
    graph,
    uses.map((use) => use.scales),
    float32(scaleValues, scales.shape),
  )
  if (zeroPoints && points) {
    const moved = stored4Or8(tensorOf('uint8', zeroPoints.shape, points.read()), zeroPoints.dtype)
    replaceConstant(
      graph,
      uses.flatMap((use) => use.zeroPoints ?? []),
      moved,
    )
  }
  own.forEach((bias, index) => {
    requantizeBias(
      graph,
      bias,
      biasNumbers[index] as Float32Array,
      products(inputScales[index] as Float32Array, scaleValues),
    )
  })
}

function requantizeBias(graph: Graph, {value, scales}: StoredBias, numbers: Float32Array, to: Float32Array): void {
  const steps = Int32Array.from(numbers, (number, c) => {
    return roundHalfToEven(number / (to[to.length === 1 ? 0 : c] as number))
  })
  graph.setConstant(value, tensorOf('int32', value.constant?.shape ?? [], steps))
  replaceConstant(graph, [scales], float32(to, scales.value.constant?.shape))
}

function scalesOf({scales}: StoredBias): Float32Array {
  return readFloat32(scales.value.constant as Tensor)
}

function numbersOf(bias: StoredBias): Float32Array {
  return products(Float32Array.from(readIntegers(bias.value.constant as Tensor)), scalesOf(bias))
}

/** Scales at which each bias still fits in int32, `[channels]`. */
function smallestScales(
  channels: number,
  inputScales: readonly Float32Array[],
  biases: readonly Float32Array[],
): Float32Array {
  const bounds = new Float32Array(channels)
  biases.forEach((numbers, index) => {
    const inputs = inputScales[index] as Float32Array
    numbers.forEach((number, c) => {
      const [at, input] = [channels === 1 ? 0 : c, inputs[inputs.length === 1 ? 0 : c] as number]
      bounds[at] = Math.max(bounds[at] as number, Math.abs(number) / (input * BIAS_PEAK))
    })
  })
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

/** Numbers of one entry each, as the file keeps them. */
function stored4Or8(plain: Tensor, dtype: Tensor['dtype']): Tensor {
  const data = plain.read() as Int8Array | Uint8Array
  const isFourBits = dtype === 'int4' || dtype === 'uint4'
  if (!isFourBits) return tensorOf(dtype, plain.shape, data)
  return tensorOf(dtype, plain.shape, Uint8Array.from([...packNibbles([data])].flatMap((piece) => [...piece])))
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
