import {axisFromStart} from '../../../ir/axis-from-start.js'
import {dtypeCode} from '../../../ir/dtype.js'
import {fromFloat16} from '../../../ir/float16.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {float32, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {WEIGHT_TYPES, type WeightType} from '../numbers/weight-type.js'
import {largestMagnitude, readIntegers} from './read-integers.js'

/** What shares a scale: slices along an axis, with a block size runs of so many elements along it, or, undefined, everything. */
export interface WeightGrid {
  readonly axis: number | undefined
  readonly blockSize?: number | undefined
}

/** A constant and one place where it is read. */
export interface Reading {
  readonly value: Value
  readonly node: Node
  readonly slot: number
}

/** One way in which stored integers become floats. */
export interface FloatUse extends WeightGrid {
  /** `rows`: of a table, gathered first; `product`: of MatMulInteger, scaled afterwards; `whole`: the weight itself. */
  readonly kind: 'whole' | 'rows' | 'product'
  /** The node that reads the integers. */
  readonly reader: Node
  /** The float result. */
  readonly floats: Value
  /** float32, or float16 that a Cast reads. */
  readonly scales: Reading
  readonly zeroPoints: Reading | undefined
}

/** A weight that a file keeps as integers, as `quantize` and other tools write it. */
export interface StoredIntegers extends WeightGrid {
  /** The constant. */
  readonly value: Value
  /** With the range that is really used: signed types are symmetric. */
  readonly type: WeightType
  /** float32 */
  readonly scales: Tensor
  readonly zeroPoints: Tensor | undefined
  readonly uses: readonly [FloatUse, ...FloatUse[]]
}

/** An int32 bias: its scale is that of the layer's input times that of its weight. */
export interface StoredBias {
  readonly value: Value
  /** Read by the node that dequantizes it. */
  readonly scales: Reading
  readonly weight: StoredIntegers
}

/**
 * Finds the weights of a graph that are kept as integers: `DequantizeLinear` of a constant (per tensor, per channel, in blocks),
 * `Cast → [Sub] → Mul`, `Gather → DequantizeLinear`, and `MatMulInteger` with the product scaled behind it. Integers that are read in
 * any other way besides, or on different grids, are left out.
 */
export function storedIntegers(graph: Graph): StoredIntegers[] {
  return graph.constants().flatMap((value) => {
    const dtype = value.constant?.dtype ?? ''
    return Object.hasOwn(WEIGHT_TYPES, dtype) ? stored(value) : []
  })
}

/** The int32 biases beside stored weights. */
export function storedBiases(graph: Graph, weights: readonly StoredIntegers[]): StoredBias[] {
  const byFloats = new Map(weights.flatMap((weight) => weight.uses.map(({floats}) => [floats, weight] as const)))
  return graph.constants().flatMap((value) => {
    const node = onlyReader(value)
    if (value.constant?.dtype !== 'int32' || node?.opType !== 'DequantizeLinear') return []
    if (node.inputs[0] !== value || !isCentred(node)) return []
    const scales = scaleOf(node, 1)
    const inputs = node.outputs[0]?.consumers[0]?.inputs ?? []
    const [weight] = inputs.flatMap((input) => (input && byFloats.get(input)) ?? [])
    return scales && weight ? [{value, scales, weight}] : []
  })
}

/** Some tools write zero points, which are zeros. */
function isCentred({inputs: [, , points]}: Node): boolean {
  return (
    points === undefined || (points.constant !== undefined && largestMagnitude(readIntegers(points.constant)) === 0)
  )
}

function stored(value: Value): StoredIntegers[] {
  const integers = value.constant as Tensor
  const uses = [...value.uses].map((use) => ('node' in use ? floatUse(use.node, use.index) : undefined))
  const [first] = uses
  if (!first || !uses.every((use) => use !== undefined && isSameGrid(use, first))) return []
  const {axis, blockSize, scales, zeroPoints} = first
  const type = typeOf(integers, zeroPoints?.value.constant)
  if (!type || !scales.value.constant || !fits(integers, first)) return []
  const grid = {axis, blockSize, scales: widened(scales.value.constant), zeroPoints: zeroPoints?.value.constant}
  return [{value, type, ...grid, uses: uses as [FloatUse, ...FloatUse[]]}]
}

function isSameGrid(a: FloatUse, b: FloatUse): boolean {
  const isSame = a.scales.value === b.scales.value && a.zeroPoints?.value === b.zeroPoints?.value
  return isSame && a.axis === b.axis && a.blockSize === b.blockSize
}

/** Undefined for what has no symmetric and no unsigned form: signed integers around a point that is not zero. */
function typeOf(integers: Tensor, zeroPoints: Tensor | undefined): WeightType | undefined {
  const type = WEIGHT_TYPES[integers.dtype as WeightType['dtype']]
  if (type.low === 0) return type
  if (zeroPoints && largestMagnitude(readIntegers(zeroPoints)) > 0) return undefined
  // weights for processors whose products saturate use half of the range
  const isHalved = type.high === 127 && largestMagnitude(readIntegers(integers)) <= HALF_PEAK
  return isHalved ? {...type, low: -HALF_PEAK, high: HALF_PEAK} : type
}

const HALF_PEAK = 64

/** Blocks must fill their axis: a rest would have a grid of its own. */
function fits({shape}: Tensor, {axis, blockSize}: WeightGrid): boolean {
  return axis === undefined || blockSize === undefined || (shape[axis] ?? 0) % blockSize === 0
}

function floatUse(node: Node, slot: number): FloatUse | undefined {
  if (node.domain !== '') return undefined
  if (node.opType === 'DequantizeLinear' && slot === 0) return dequantized(node, node.inputs[0]?.constant?.shape ?? [])
  if (node.opType === 'Cast') return unpacked(node)
  if (node.opType === 'Gather' && slot === 0 && node.int('axis', 0) === 0) return gathered(node)
  return node.opType === 'MatMulInteger' && slot === 1 ? multiplied(node) : undefined
}

/** @param shape of what is dequantized. */
function dequantized(node: Node, shape: readonly number[]): FloatUse | undefined {
  const [floats, scales, zeroPoints] = [node.outputs[0], scaleOf(node, 1), constantOf(node, 2)]
  if (!floats || !scales || (node.inputs[2] && !zeroPoints)) return undefined
  const {length} = scales.value.constant?.shape ?? []
  const axis = axisFromStart(node.int('axis', 1), shape.length)
  const blockSize = node.int('block_size', 0)
  if (blockSize > 0 ? length !== shape.length : length > 1) return undefined
  const grid = blockSize > 0 ? {axis, blockSize} : {axis: isSingle(scales.value) ? undefined : axis}
  return {kind: 'whole', reader: node, floats, scales, zeroPoints, ...grid}
}

/** `Cast → [Sub(Cast(zero points))] → Mul(scales)` */
function unpacked(cast: Node): FloatUse | undefined {
  if (cast.int('to', 0) !== dtypeCode('float32')) return undefined
  const next = onlyReader(cast.outputs[0])
  const isShifted = next?.opType === 'Sub' && next.inputs[0] === cast.outputs[0]
  const shifter = isShifted ? next.inputs[1]?.producer : undefined
  const zeroPoints = shifter?.opType === 'Cast' ? constantOf(shifter, 0) : undefined
  const scaler = isShifted ? onlyReader(next.outputs[0]) : next
  const [scales, floats] = [
    scaler?.opType === 'Mul' ? (anyScaleOf(scaler) ?? halfScaleOf(scaler)) : undefined,
    scaler?.outputs[0],
  ]
  if (!scales || !floats || (isShifted && !zeroPoints)) return undefined
  const grid = broadcastGrid(scales.value.constant?.shape ?? [], cast.inputs[0]?.constant?.shape ?? [])
  return grid && {kind: 'whole', reader: cast, floats, scales, zeroPoints, ...grid}
}

/** Columns of the table are the last axis of its rows. */
function gathered(gather: Node): FloatUse | undefined {
  const node = onlyReader(gather.outputs[0])
  const table = gather.inputs[0]?.constant?.shape ?? []
  if (node?.opType !== 'DequantizeLinear' || table.length !== 2) return undefined
  const use = dequantized(node, table)
  const isByColumn = node.int('axis', 1) === -1
  if (!use || use.blockSize !== undefined || (use.axis !== undefined && !isByColumn)) return undefined
  return {...use, kind: 'rows', reader: gather}
}

/** `MatMulInteger → Cast → Mul(Mul(scale of the data, scales))` */
function multiplied(product: Node): FloatUse | undefined {
  const cast = onlyReader(product.outputs[0])
  const scaled = cast?.opType === 'Cast' ? onlyReader(cast.outputs[0]) : undefined
  const factors = scaled?.inputs.find((input) => input !== cast?.outputs[0])?.producer
  const scales = factors?.opType === 'Mul' ? anyScaleOf(factors) : undefined
  const [floats, zeroPoints] = [scaled?.outputs[0], constantOf(product, 3)]
  if (scaled?.opType !== 'Mul' || !scales || !floats || (product.inputs[3] && !zeroPoints)) return undefined
  const axis = isSingle(scales.value) ? undefined : (product.inputs[1]?.constant?.shape.length ?? 0) - 1
  return {kind: 'product', reader: product, floats, scales, zeroPoints, axis}
}

function constantOf(node: Node, slot: number): Reading | undefined {
  const value = node.inputs[slot]
  return value?.constant && {value, node, slot}
}

function scaleOf(node: Node, slot: number): Reading | undefined {
  return node.inputs[slot]?.constant?.dtype === 'float32' ? constantOf(node, slot) : undefined
}

function anyScaleOf(node: Node): Reading | undefined {
  return scaleOf(node, 0) ?? scaleOf(node, 1)
}

/** Scales that are stored as float16: `Cast(scales)`. */
function halfScaleOf(node: Node): Reading | undefined {
  for (const cast of node.inputs.map((input) => input?.producer)) {
    const dtype = cast?.opType === 'Cast' ? cast.inputs[0]?.constant?.dtype : undefined
    // float32 after training
    const isScale = dtype === 'float16' || dtype === 'float32'
    if (cast && isScale && onlyReader(cast.outputs[0]) === node) return constantOf(cast, 0)
  }
  return undefined
}

function widened(scales: Tensor): Tensor {
  if (scales.dtype !== 'float16') return scales
  return float32(Float32Array.from(scales.read() as Uint16Array, fromFloat16), scales.shape)
}

function onlyReader(value: Value | undefined): Node | undefined {
  const [use] = value?.uses ?? []
  return value?.uses.size === 1 && use && 'node' in use ? use.node : undefined
}

function isSingle({constant}: Value): boolean {
  return constant?.shape.every((size) => size === 1) ?? false
}

/** The grid of scales that stretch over a weight; undefined when it is no such grid. */
function broadcastGrid(scales: readonly number[], weight: readonly number[]): WeightGrid | undefined {
  const padded = [...Array<number>(weight.length - scales.length).fill(1), ...scales]
  const own = padded.flatMap((size, axis) => (size === 1 ? [] : [axis]))
  if (own.some((axis) => padded[axis] !== weight[axis])) return undefined
  if (own.length < 2) return {axis: own[0]}
  const isByRow = padded.at(-1) === 1 && padded.slice(0, -1).join() === weight.slice(0, -1).join()
  return isByRow ? {axis: weight.length - 1, blockSize: weight.at(-1)} : undefined
}
