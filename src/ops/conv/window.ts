import {ShapeError} from '../../errors.js'
import {addDims, ceilDivDims, type Dim, floorDivDims, mulDims, subDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'

/** The sliding window of a convolution or a pool, one entry per spatial axis. */
export interface Window {
  readonly kernel: readonly Dim[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Begin and end per axis; undefined when auto_pad computes them. */
  readonly pads: readonly (readonly [begin: number, end: number])[] | undefined
  readonly ceil: boolean
}

/** @throws ShapeError when an attribute does not have one entry per spatial axis. */
export function windowOf(node: Node, kernel: readonly Dim[]): Window {
  const rank = kernel.length
  const autoPad = node.string('auto_pad', 'NOTSET')
  const pads = listOf(node, 'pads', rank * 2, 0)
  return {
    kernel,
    strides: listOf(node, 'strides', rank, 1),
    dilations: listOf(node, 'dilations', rank, 1),
    pads: autoPad.startsWith('SAME') ? undefined : kernel.map((_, axis) => padsAt(pads, axis, autoPad)),
    ceil: node.int('ceil_mode', 0) === 1,
  }
}

/**
 * Sizes after the window has slid over the input: ⌊(x + pads − dilation·(kernel − 1) − 1) / stride⌋ + 1, or ⌈x / stride⌉ with SAME padding.
 *
 * @throws ShapeError when the window is larger than the padded input.
 */
export function slide(node: Node, sizes: readonly Dim[], window: Window): Dim[] {
  return sizes.map((size, axis) => {
    const result = slideAxis(size, window, axis)
    if (typeof result === 'number' && result < 0) {
      throw new ShapeError(node, {expected: `spatial axis ${axis} to hold the kernel`, got: `${size}`})
    }
    return result
  })
}

function slideAxis(size: Dim, {kernel, strides, dilations, pads, ceil}: Window, axis: number): Dim {
  const stride = strides[axis] ?? 1
  const pad = pads?.[axis]
  if (!pad) return ceilDivDims(size, stride)
  const reach = extent(kernel[axis], dilations[axis] ?? 1)
  const room = subDims(addDims(size, pad[0], pad[1]), reach)
  if (!ceil) return addDims(floorDivDims(room, stride), 1)
  return dropPaddingOnly(addDims(ceilDivDims(room, stride), 1), size, pad[0], stride)
}

/** With ceil_mode the last window must start inside the input or its padding at the beginning (ONNX Pool-19, ONNX Runtime). */
function dropPaddingOnly(windows: Dim, size: Dim, begin: number, stride: number): Dim {
  if (typeof windows !== 'number' || typeof size !== 'number') return stride === 1 ? windows : undefined
  return (windows - 1) * stride >= size + begin ? windows - 1 : windows
}

/** Elements a kernel spans: dilation·(kernel − 1) + 1. */
export function extent(kernel: Dim, dilation: number): Dim {
  return addDims(mulDims(subDims(kernel, 1), dilation), 1)
}

/** An attribute with one number per place, or the default in each. */
export function listOf(node: Node, name: string, length: number, fallback: number): readonly number[] {
  const given = node.ints(name, undefined)
  if (given === undefined || given.length === 0) return Array.from({length}, () => fallback)
  if (given.length !== length) {
    throw new ShapeError(node, {expected: `${length} numbers in ${name}`, got: `${given.length}`})
  }
  return given
}

function padsAt(pads: readonly number[], axis: number, autoPad: string): readonly [number, number] {
  return autoPad === 'VALID' ? [0, 0] : [pads[axis] ?? 0, pads[axis + pads.length / 2] ?? 0]
}
