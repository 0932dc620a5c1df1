import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import {shapeOf} from '../operand.js'
import {windowOf} from './window.js'

/** A sliding window with every number known, one entry per spatial axis. */
export interface Geometry {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly (readonly [begin: number, end: number])[]
  /** Elements the kernel spans: dilation·(kernel − 1) + 1. */
  readonly extents: readonly number[]
  readonly group: number
}

/** @throws UnsupportedOpError when the kernel's sizes are free, or SAME padding meets free sizes. */
export function geometryOf(build: GradientBuilder, node: Node, x: Value, sizes: readonly Dim[]): Geometry {
  const window = windowOf(node, sizes)
  const kernel = sizes.map((size) =>
    typeof size === 'number' ? size : build.refuse(node, 'its kernel has free sizes'),
  )
  const {strides, dilations} = window
  const extents = kernel.map((size, axis) => (dilations[axis] ?? 1) * (size - 1) + 1)
  const pads = window.pads ?? samePads(build, node, x, {strides, extents})
  return {kernel, strides, dilations, pads, extents, group: node.int('group', 1)}
}

/** As much as lets the window stand ⌈size / stride⌉ times; an odd element goes to the end, or to the beginning with SAME_LOWER. */
function samePads(
  build: GradientBuilder,
  node: Node,
  x: Value,
  {strides, extents}: Pick<Geometry, 'strides' | 'extents'>,
): (readonly [number, number])[] {
  const isLower = node.string('auto_pad', '') === 'SAME_LOWER'
  return extents.map((extent, axis) => {
    const [size, stride] = [shapeOf(x)?.[axis + 2], strides[axis] ?? 1]
    if (typeof size !== 'number' && stride > 1) build.refuse(node, 'SAME padding depends on a free size')
    const over = typeof size === 'number' ? (Math.ceil(size / stride) - 1) * stride + extent - size : extent - 1
    const [half, total] = [Math.floor(Math.max(over, 0) / 2), Math.max(over, 0)]
    return isLower ? [total - half, half] : [half, total - half]
  })
}

/** Pads in ONNX's order: all beginnings, then all ends. */
export function padList(pads: Geometry['pads']): number[] {
  return [...pads.map(([begin]) => begin), ...pads.map(([, end]) => end)]
}

/** The value with its first two axes replaced by others, spatial sizes kept; at most one of `front` is -1. */
export function withFront(build: GradientBuilder, value: Value, front: readonly number[]): Value {
  const rank = shapeOf(value)?.length ?? 2
  const spatial = build.sizesOf(
    value,
    Array.from({length: rank - 2}, (_, axis) => axis + 2),
  )
  const sizes = build.op('Concat', [build.ints(front), spatial], {axis: 0})
  const known = shapeOf(value)?.slice(2)
  const target = known?.every((size) => typeof size === 'number')
    ? build.ints([...front, ...(known as number[])])
    : sizes
  return build.op('Reshape', [value, target])
}

/** The first two axes swapped. */
export function swapFront(build: GradientBuilder, value: Value): Value {
  const rank = shapeOf(value)?.length ?? 2
  return build.transpose(value, [1, 0, ...Array.from({length: rank - 2}, (_, axis) => axis + 2)])
}
