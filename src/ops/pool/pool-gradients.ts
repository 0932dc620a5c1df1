import type {Node} from '../../ir/node.js'
import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {type Geometry, geometryOf, padList, withFront} from '../conv/conv-geometry.js'
import {convInputGradient} from '../conv/conv-gradient.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {shapeOf} from '../operand.js'

/** To the elements that were the largest. */
export const maxPoolGradient: GradientRule = (build, node, [d]) => {
  const [x] = node.inputs as [Value]
  if (node.int('storage_order', 0) !== 0) build.refuse(node, 'its indices run column by column')
  if (!d) return []
  return [isMosaic(node) ? throughMosaic(build, node, d) : build.scatterBack(d, build.outputOf(node, 1), x)]
}

/** Windows side by side that cover the input exactly: no indices needed. */
function isMosaic(node: Node): boolean {
  const [from, to] = [shapeOf(node.inputs[0])?.slice(2), shapeOf(node.outputs[0])?.slice(2)]
  const kernel = node.ints('kernel_shape', [])
  const strides = node.ints('strides', [])
  const isDilated = node.ints('dilations', []).some((dilation) => dilation !== 1)
  // Resize takes two axes at most on ONNX Runtime's fast way
  if (kernel.length !== 2 || isDilated || kernel.some((size, axis) => size !== strides[axis])) return false
  return kernel.every((size, axis) => typeof from?.[axis] === 'number' && from[axis] === size * Number(to?.[axis]))
}

/** Each window's maximum stretched over it and compared; elements that tie share. */
function throughMosaic(build: GradientBuilder, node: Node, d: Value): Value {
  const [x] = node.inputs as [Value]
  const kernel = node.ints('kernel_shape', [])
  const factors = build.floats([1, 1, ...kernel])
  const attributes = {mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor'}
  const stretched = (value: Value) => build.op('Resize', [value, undefined, factors], attributes)
  const mask = build.castLike(build.op('Equal', [x, stretched(node.outputs[0] as Value)]), x)
  const mean = build.op('AveragePool', [mask], {kernel_shape: kernel, strides: kernel})
  const ties = build.scale(mean, elementCount(kernel))
  return build.mul(mask, stretched(build.div(d, ties)))
}

/** Each element's share of every window it stood in: a convolution with ones, one channel at a time. */
export const averagePoolGradient: GradientRule = (build, node, [d]) => {
  const [x] = node.inputs as [Value]
  if (!d) return []
  const geometry = geometryOf(build, node, x, node.ints('kernel_shape', []))
  const ones = build.filled(build.ints([1, 1, ...geometry.kernel]), d, 1)
  const share = build.div(d, windowCounts(build, node, {x, ones, geometry}))
  const [flat, target] = [share, x].map((value) => withFront(build, value, [-1, 1]))
  const back = convInputGradient(build, flat as Value, {w: ones, x: target as Value, geometry})
  return [build.reshapeAs(back, x)]
}

/** How many elements each window counts. */
function windowCounts(
  build: GradientBuilder,
  node: Node,
  {x, ones, geometry}: {x: Value; ones: Value; geometry: Geometry},
): Value {
  const all = elementCount(geometry.kernel)
  const isCeil = node.int('ceil_mode', 0) === 1
  const isPadded = geometry.pads.flat().some((pad) => pad > 0)
  const countsPadding = node.int('count_include_pad', 0) === 1
  if (countsPadding && isCeil)
    build.refuse(node, 'ceil_mode and count_include_pad together are counted differently by every runtime')
  if (!isCeil && (!isPadded || countsPadding)) return build.like(x, all)
  const axes = geometry.kernel.map((_, axis) => axis + 2)
  const sizes = build.op('Concat', [build.ints([1, 1]), build.sizesOf(x, axes)], {axis: 0})
  const covered = build.filled(sizes, x, 1)
  const {strides, dilations, pads, extents} = geometry
  // a window that begins inside may end beyond the padding
  const room = isCeil ? pads.map(([begin, end], axis) => [begin, end + (extents[axis] ?? 1) - 1] as const) : pads
  const counts = build.op('Conv', [covered, ones], {strides, dilations, pads: padList(room)})
  const target = build.sizesOf(node.outputs[0] as Value, axes)
  return isCeil ? build.op('Slice', [counts, build.ints(axes.map(() => 0)), target, build.ints(axes)]) : counts
}

/** Every element gets the same share. */
export const globalAveragePoolGradient: GradientRule = (build, node, [d]) => {
  const [x] = node.inputs as [Value]
  const axes = spatialAxes(build, node)
  return d ? [build.expandAs(build.div(d, build.countAlong(x, axes)), x)] : []
}

/** The largest elements of a channel share. */
export const globalMaxPoolGradient: GradientRule = (build, node, [d]) => {
  const [x] = node.inputs as [Value]
  const mask = build.castLike(build.op('Equal', [x, node.outputs[0]]), x)
  return d ? [build.mul(mask, build.div(d, build.sum(mask, spatialAxes(build, node))))] : []
}

function spatialAxes(build: GradientBuilder, node: Node): number[] {
  const rank = shapeOf(node.inputs[0])?.length ?? build.refuse(node, 'the rank of its input is not known')
  return Array.from({length: rank - 2}, (_, axis) => axis + 2)
}
