import {arrayTypeOf, byteLengthOf, type DType} from '../../../ir/dtype.js'
import {
  derivedTensor,
  elementCount,
  float32,
  readFloat32Slices,
  type Tensor,
  tensorOf,
  withSlices,
} from '../../../ir/tensor.js'
import {type ChannelLayout, channelLayout, type ScaleAxis} from './channel-layout.js'
import {channelScales} from './channel-scales.js'
import {channelZeroPoints} from './channel-zero-points.js'
import type {GridRange} from './fit-scale.js'
import {fittedGrids} from './fitted-grids.js'
import {gptqBlocks} from './gptq-blocks.js'
import {halfBits, halfScale} from './half-scales.js'
import {roundHalfToEven} from './round-half-to-even.js'
import type {WeightRounding} from './weight-rounding.js'
import {isPacked, packNibbles, WEIGHT_TYPES, type WeightType} from './weight-type.js'

/** A weight as integers: `w[c] ≈ (integers[c] − zeroPoints[c]) · scales[c]`. */
export interface QuantizedWeight {
  /** The weight's shape; computed when read, so that a big model never holds two copies. */
  readonly integers: Tensor
  /** `[channels]`, or a scalar when per-tensor; float32, or float16 where that was asked for. */
  readonly scales: Tensor
  /** uint8, shaped like `scales`, even for 4-bit weights; undefined for symmetric types, where it is 0. */
  readonly zeroPoints: Tensor | undefined
  /** The same scales, in memory. */
  readonly scaleValues: Float32Array
}

export interface WeightOptions {
  readonly axis: ScaleAxis
  /** int8 when absent. */
  readonly type?: WeightType
  /** Largest integer magnitude of a symmetric type: 64 where u8×s8 products saturate. */
  readonly peak?: number
  /** Lower bounds of the scales, `[channels]`: an int32 bias that would overflow asks for them. */
  readonly atLeast?: Float32Array
  /** The plain way when absent: grids that hold the largest weight, each value to the nearest. */
  readonly rounding?: WeightRounding | undefined
  /** Whether scales are float16, where that has the digits for all of them: two bytes less for each, and a block can be half as long. */
  readonly halfScales?: boolean | undefined
}

/** How values of a channel become integers. */
interface Grid {
  readonly scales: Float32Array
  readonly zeroPoints: Uint8Array | undefined
  readonly low: number
  readonly high: number
}

/**
 * Quantizes a float32 weight, rounding half to even like ONNX QuantizeLinear: symmetric for signed types, with a zero point per
 * channel for unsigned ones.
 *
 * @throws NonFiniteError if the weight holds NaN or infinity.
 */
export function quantizeWeight(weight: Tensor, name: string, options: WeightOptions): QuantizedWeight {
  const {axis, type = WEIGHT_TYPES.int8} = options
  const layout = channelLayout(weight.shape, axis)
  const {grid, pieces} = roundedWeight(weight, layout, name, {...options, type})
  const stored: () => Iterable<Int8Array | Uint8Array> = isPacked(type) ? () => packNibbles(pieces()) : pieces
  const shape = axis === undefined ? [] : [grid.scales.length]
  return {
    integers: withSlices(
      derivedTensor(type.dtype, weight.shape, () => joined(stored(), type.dtype, weight.shape)),
      stored,
    ),
    scales: storedScales(grid.scales, shape, options),
    zeroPoints: grid.zeroPoints && tensorOf('uint8', shape, grid.zeroPoints),
    scaleValues: grid.scales,
  }
}

function storedScales(scales: Float32Array, shape: readonly number[], {halfScales}: WeightOptions): Tensor {
  const halves = halfScales ? halfBits(scales) : undefined
  return halves ? tensorOf('float16', shape, halves) : float32(scales, shape)
}

type Pieces = () => Iterable<Int8Array | Uint8Array>

function roundedWeight(
  weight: Tensor,
  layout: ChannelLayout,
  name: string,
  options: WeightOptions & {type: WeightType},
): {grid: Grid; pieces: Pieces} {
  const {axis, rounding, halfScales} = options
  if (axis === 'rows' && rounding?.products) {
    const range = rangeOf(options)
    const {integers, ...grid} = gptqBlocks(weight, layout.inner, name, {
      ...rounding,
      products: rounding.products,
      range,
      halfScales,
    })
    return {
      grid: {...grid, ...range, zeroPoints: range.low < 0 ? undefined : grid.zeroPoints},
      pieces: () => [integers],
    }
  }
  const found = gridOf(weight, layout, name, options)
  const grid = halfScales ? {...found, scales: found.scales.map(halfScale)} : found
  return {grid, pieces: () => integerPieces(weight, layout, grid)}
}

/** The integers in use: the user's peak, and the lowest one only where it is allowed. */
function rangeOf({type, peak, rounding}: WeightOptions & {type: WeightType}): GridRange {
  const {low, high} = type
  if (low === 0) return {low, high}
  const largest = Math.min(peak ?? high, high)
  return {low: rounding?.grid === 'mse' && rounding.fullRange && largest === high ? low - 1 : -largest, high: largest}
}

function gridOf(
  weight: Tensor,
  layout: ChannelLayout,
  name: string,
  options: WeightOptions & {type: WeightType},
): Grid {
  const {type, atLeast, rounding} = options
  const range = rangeOf(options)
  if (rounding?.grid === 'mse') {
    const {scales, zeroPoints} = fittedGrids(weight, layout, name, {range, squares: rounding.squares})
    return {scales: raised(scales, atLeast), zeroPoints: range.low < 0 ? undefined : zeroPoints, ...range}
  }
  if (type.low === 0)
    return {...channelZeroPoints(weight, layout, name, {...type, halfScales: options.halfScales}, atLeast), ...range}
  return {scales: raised(channelScales(weight, layout, name, range.high), atLeast), zeroPoints: undefined, ...range}
}

function raised(scales: Float32Array, atLeast: Float32Array | undefined): Float32Array {
  if (!atLeast) return scales
  return scales.map((scale, c) => {
    const bound = atLeast[c] as number
    if (Math.abs(scale) >= bound) return scale
    return scale < 0 ? -bound : bound
  })
}

/** The integers in pieces of the weight's own, all in one buffer: a weight of gigabytes must not leave gigabytes of garbage. */
function* integerPieces(
  weight: Tensor,
  {channels, inner}: ChannelLayout,
  grid: Grid,
): Iterable<Int8Array | Uint8Array> {
  const {scales, zeroPoints, low, high} = grid
  const Buffer = low < 0 ? Int8Array : Uint8Array
  let [buffer, channel, left] = [new Buffer(0) as Int8Array | Uint8Array, 0, inner]
  for (const piece of readFloat32Slices(weight)) {
    if (buffer.length < piece.length) buffer = new Buffer(piece.length)
    for (let i = 0; i < piece.length; i++) {
      const zeroPoint = zeroPoints ? (zeroPoints[channel] as number) : 0
      const steps = roundHalfToEven(Math.fround((piece[i] as number) / (scales[channel] as number))) + zeroPoint
      buffer[i] = Math.max(low, Math.min(high, steps))
      if (--left > 0) continue
      left = inner
      if (++channel === channels) channel = 0
    }
    yield buffer.subarray(0, piece.length)
  }
}

function joined(
  pieces: Iterable<Int8Array | Uint8Array>,
  dtype: DType,
  shape: readonly number[],
): Int8Array | Uint8Array {
  const all = new (arrayTypeOf(dtype))(byteLengthOf(dtype, elementCount(shape))) as Int8Array | Uint8Array
  let done = 0
  for (const piece of pieces) {
    all.set(piece, done)
    done += piece.length
  }
  return all
}
