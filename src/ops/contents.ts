import type {Dim} from '../ir/dim.js'
import {elementCount} from '../ir/tensor.js'
import type {Value} from '../ir/value.js'
import type {InferContext} from './op-spec.js'
import {shapeOf} from './operand.js'

/** A small integer tensor whose elements are known or symbolic, row-major. Exporters build pads and sizes in matrices too. */
export interface Grid {
  readonly sizes: readonly number[]
  readonly elements: readonly Dim[]
}

/** The elements of a value, where they and all sizes are known. */
export function gridOf(ctx: InferContext, value: Value | undefined): Grid | undefined {
  const [elements, shape] = [ctx.contentsOf(value), shapeOf(value)]
  if (!elements || !shape?.every((size) => typeof size === 'number')) return undefined
  const sizes = shape as readonly number[]
  return elementCount(sizes) === elements.length ? {sizes, elements} : undefined
}

/** The slices at `indices` along one axis, in that order. Indices are inside the axis. */
export function takeAlong({sizes, elements}: Grid, axis: number, indices: readonly number[]): Grid {
  const inner = elementCount(sizes.slice(axis + 1))
  const step = (sizes[axis] ?? 1) * inner
  const taken: Dim[] = []
  for (let start = 0; start < elements.length; start += step) {
    for (const index of indices) taken.push(...elements.slice(start + index * inner, start + (index + 1) * inner))
  }
  return {sizes: sizes.map((size, at) => (at === axis ? indices.length : size)), elements: taken}
}

/** Axis `order[i]` becomes axis i. */
export function transposed({sizes, elements}: Grid, order: readonly number[]): Dim[] {
  const strides = sizes.map((_, axis) => elementCount(sizes.slice(axis + 1)))
  let offsets = [0]
  for (const axis of order) {
    const [size, stride] = [sizes[axis] ?? 1, strides[axis] ?? 1]
    offsets = offsets.flatMap((offset) => Array.from({length: size}, (_, index) => offset + index * stride))
  }
  return offsets.map((offset) => elements[offset])
}
