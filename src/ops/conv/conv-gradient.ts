import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {shapeOf} from '../operand.js'
import {type Geometry, geometryOf, padList, swapFront, withFront} from './conv-geometry.js'
import {convWeightGradient} from './conv-weight-gradient.js'

/** dX slides the kernel back over dY, dW slides dY over X, dB sums dY. */
export const convGradient: GradientRule = (build, node, [d]) => {
  const [x, w, b] = node.inputs as [Value, Value, Value | undefined]
  if (!d) return []
  const geometry = geometryOf(build, node, x, kernelSizes(build, node, w))
  return [
    build.needs(x) ? convInputGradient(build, d, {w, x, geometry}) : undefined,
    build.needs(w) ? convWeightGradient(build, {x, d, w, geometry}) : undefined,
    b && biasGradient(build, d),
  ]
}

/** ConvTranspose is the input gradient of a Conv, so its own input gradient is that Conv, and its weight's has X and dY in each other's place. */
export const convTransposeGradient: GradientRule = (build, node, [d]) => {
  const [x, w, b] = node.inputs as [Value, Value, Value | undefined]
  const isStated = node.string('auto_pad', 'NOTSET') === 'NOTSET' && !node.ints('output_shape', []).length
  if (!isStated) build.refuse(node, 'its padding follows from the size of its output')
  if (!d) return []
  const geometry = geometryOf(build, node, x, kernelSizes(build, node, w))
  const {strides, dilations, group, pads} = geometry
  const back = build.op('Conv', [d, w], {strides, dilations, group, pads: padList(pads)})
  return [
    build.needs(x) ? back : undefined,
    build.needs(w) ? convWeightGradient(build, {x: d, d: x, w, geometry}) : undefined,
    b && biasGradient(build, d),
  ]
}

function kernelSizes(build: GradientBuilder, node: Node, w: Value) {
  const sizes = shapeOf(w)?.slice(2) ?? node.ints('kernel_shape', undefined)
  return sizes ?? build.refuse(node, 'the rank of its weight is not known')
}

function biasGradient(build: GradientBuilder, d: Value): Value {
  const rank = shapeOf(d)?.length ?? 2
  return build.sum(d, [0, ...Array.from({length: rank - 2}, (_, axis) => axis + 2)], 0)
}

interface BackwardWindow {
  /** [M, C / group, kernel…] */
  readonly w: Value
  /** Whose sizes the result has. */
  readonly x: Value
  readonly geometry: Geometry
}

/** dX of a convolution: with stride 1 a Conv with the kernel turned around, which is the faster one; else ConvTranspose. */
export function convInputGradient(build: GradientBuilder, d: Value, {w, x, geometry}: BackwardWindow): Value {
  const {strides, dilations, extents, pads, group} = geometry
  const around = pads.map(
    ([begin, end], axis) => [reachOf(extents, axis) - begin, reachOf(extents, axis) - end] as const,
  )
  const isPlain = strides.every((stride) => stride === 1) && around.flat().every((pad) => pad >= 0)
  if (!isPlain) return transposed(build, d, {w, x, geometry})
  return build.op('Conv', [d, turned(build, w, geometry)], {dilations, group, pads: padList(around)})
}

/** How far a kernel reaches beyond its first element. */
function reachOf(extents: readonly number[], axis: number): number {
  return (extents[axis] ?? 1) - 1
}

/** [M, C / group, …] as [C, M / group, …], each kernel read backwards. */
function turned(build: GradientBuilder, w: Value, geometry: Geometry): Value {
  const {kernel, group} = geometry
  const swapped = group === 1 ? swapFront(build, w) : swapInGroups(build, w, geometry)
  const axes = kernel.flatMap((size, axis) => (size > 1 ? [axis + 2] : []))
  if (axes.length === 0) return swapped
  const ends = axes.map(() => Number.MIN_SAFE_INTEGER)
  const [last, steps] = [axes.map(() => -1), axes.map(() => -1)]
  return build.op('Slice', [swapped, build.ints(last), build.ints(ends), build.ints(axes), build.ints(steps)])
}

function swapInGroups(build: GradientBuilder, w: Value, {group, kernel}: Geometry): Value {
  const [m, c] = [Number(shapeOf(w)?.[0]), Number(shapeOf(w)?.[1])]
  const apart = withFront(build, w, [group, m / group, c])
  const rank = shapeOf(apart)?.length ?? 3
  const swapped = build.transpose(apart, [0, 2, 1, ...Array.from({length: rank - 3}, (_, axis) => axis + 3)])
  const joined = [group * c, m / group, ...kernel]
  return build.reshape(swapped, joined)
}

/** ConvTranspose to the size of x. Rows that no window reached, and windows that stood beyond the end, are made up for by padding. */
function transposed(build: GradientBuilder, d: Value, {w, x, geometry}: BackwardWindow): Value {
  const {strides, dilations, pads, extents, group} = geometry
  const missing = extents.map((extent, axis) => {
    const [from, to] = [shapeOf(d)?.[axis + 2], shapeOf(x)?.[axis + 2]]
    if (typeof from !== 'number' || typeof to !== 'number') return Number.NaN
    const [begin, end] = pads[axis] as readonly [number, number]
    return to - ((from - 1) * (strides[axis] ?? 1) + extent - begin - end)
  })
  const fits = missing.every((size, axis) => size >= 0 && size < (strides[axis] ?? 1))
  if (fits) {
    const attributes = {strides, dilations, group, pads: padList(pads), output_padding: missing}
    return build.op('ConvTranspose', [d, w], attributes)
  }
  const whole = build.op('ConvTranspose', [d, w], {strides, dilations, group})
  const axes = pads.map((_, axis) => axis + 2)
  const begins = pads.map(([begin]) => begin)
  const room = build.add(build.sizesOf(x, axes), build.ints(begins))
  const ends = build.sub(room, build.sizesOf(whole, axes))
  const padding = build.op('Concat', [build.ints([0, 0, ...begins.map((begin) => -begin), 0, 0]), ends], {axis: 0})
  return build.op('Pad', [whole, padding])
}
