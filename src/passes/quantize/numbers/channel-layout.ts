import {axisFromStart} from '../../../ir/axis-from-start.js'
import {elementCount} from '../../../ir/tensor.js'
/** A tensor seen along one axis: element `(o, c, i)` lies at `(o · channels + c) · inner + i`. */
export interface ChannelLayout {
  readonly outer: number
  readonly channels: number
  readonly inner: number
}

/**
 * What shares a scale: the slices along an axis (negative counts from the end), the rows of the last axis, each with a scale of
 * its own, or, undefined, the whole tensor.
 */
export type ScaleAxis = number | 'rows' | undefined

/** Splits a shape into its channels. */
export function channelLayout(shape: readonly number[], axis: ScaleAxis): ChannelLayout {
  const count = (from: number, to: number) => elementCount(shape.slice(from, to))
  if (axis === undefined || shape.length === 0) return {outer: 1, channels: 1, inner: count(0, shape.length)}
  if (axis === 'rows') return {outer: 1, channels: count(0, shape.length - 1), inner: shape.at(-1) ?? 1}
  const at = axisFromStart(axis, shape.length)
  return {outer: count(0, at), channels: shape[at] ?? 1, inner: count(at + 1, shape.length)}
}

/** Calls `visit` with the start of every run of `inner` elements and the channel it belongs to. */
export function forEachRun(layout: ChannelLayout, visit: (start: number, channel: number) => void): void {
  const {outer, channels, inner} = layout
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) visit((o * channels + c) * inner, c)
  }
}

/** The shape in which one scale per channel multiplies the tensor by broadcasting: `[channels, 1, …]`. */
export function broadcastShape(shape: readonly number[], axis: ScaleAxis): number[] {
  if (axis === undefined) return []
  if (axis === 'rows') return [...shape.slice(0, -1), 1]
  const at = axisFromStart(axis, shape.length)
  return shape.slice(at).map((size, i) => (i === 0 ? size : 1))
}
