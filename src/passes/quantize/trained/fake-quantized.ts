import type {GraphBuilder} from '../../../ir/build.js'
import {dtypeCode} from '../../../ir/dtype.js'
import {type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {blockShape} from '../numbers/block-rows.js'
import type {WeightType} from '../numbers/weight-type.js'
import type {StoredIntegers} from './stored-integers.js'

/** A scale under float32's smallest normal number is one of an empty channel: any will do, but not 0. */
const SMALLEST_SCALE = 1.17549435e-38

/**
 * A float weight as its integers would give it back: quantized and dequantized on a grid that is taken from its largest magnitudes
 * in every run, so that training cannot leave it. 4-bit types are written as 8-bit ones of fewer steps.
 *
 * @param stored its value holds floats by now.
 * @returns a value of the weight's shape.
 */
export function fakeQuantized(
  build: GraphBuilder,
  {value, type, ...grid}: Omit<StoredIntegers, 'uses'>,
  opset: number,
): Value {
  const {shape} = value.constant as Tensor
  const blocks = blockShape(shape, grid)
  if (!blocks) return onGrid(build, value, {shape, axis: grid.axis, type, opset})
  const {outer, block, inner} = blocks
  const turn = (x: Value) => (inner === 1 ? x : build.op('Transpose', [x], {perm: [0, 2, 1]}))
  const reshape = (x: Value, to: readonly number[]) => build.op('Reshape', [x, build.ints(to)])
  const rows = reshape(turn(reshape(value, [outer, block, inner])), [outer * inner, block])
  const restored = onGrid(build, rows, {shape: [outer * inner, block], axis: 0, type, opset})
  return reshape(turn(reshape(restored, [outer, inner, block])), shape)
}

interface Slices {
  readonly shape: readonly number[]
  readonly axis: number | undefined
  readonly type: WeightType
  readonly opset: number
}

function onGrid(build: GraphBuilder, x: Value, slices: Slices): Value {
  const {axis, type} = slices
  const parameters = type.low < 0 ? symmetric(build, x, slices) : asymmetric(build, x, slices)
  const attributes = axis === undefined ? {} : {axis}
  const quantized = build.op('QuantizeLinear', [x, ...parameters], attributes)
  return build.op('DequantizeLinear', [quantized, ...parameters], attributes)
}

/** Scales and zero points: the largest magnitude becomes the largest integer. */
function symmetric(build: GraphBuilder, x: Value, slices: Slices): Value[] {
  const {shape, axis, type} = slices
  const scales = scaleOf(build, largest(build, build.op('Abs', [x]), slices), type.high)
  const shapeOfScales = axis === undefined ? [] : [shape[axis] ?? 1]
  const zeros = tensorOf('int8', shapeOfScales, new Int8Array(shapeOfScales[0] ?? 1))
  return [scales, build.constant(zeros)]
}

/** The range with zero in it becomes that of the type. */
function asymmetric(build: GraphBuilder, x: Value, slices: Slices): Value[] {
  const zero = build.scalar(0)
  const high = build.op('Max', [largest(build, x, slices), zero])
  const belowZero = build.op('Max', [largest(build, build.op('Neg', [x]), slices), zero])
  const scales = scaleOf(build, build.op('Add', [high, belowZero]), slices.type.high)
  const steps = build.op('Round', [build.op('Div', [belowZero, scales])])
  return [scales, build.op('Cast', [steps], {to: dtypeCode('uint8')})]
}

/** ReduceMax over all axes but one; its axes became an input at opset 18. */
function largest(build: GraphBuilder, x: Value, {shape, axis, opset}: Slices): Value {
  const others = shape.flatMap((_, index) => (index === axis ? [] : [index]))
  if (others.length === 0) return build.op('Identity', [x])
  if (opset < 18) return build.op('ReduceMax', [x], {axes: others, keepdims: 0})
  return build.op('ReduceMax', [x, build.ints(others)], {keepdims: 0})
}

function scaleOf(build: GraphBuilder, range: Value, steps: number): Value {
  return build.op('Max', [build.op('Div', [range, build.scalar(steps)]), build.scalar(SMALLEST_SCALE)])
}
