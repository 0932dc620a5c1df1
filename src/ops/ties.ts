import {axisFromStart} from '../ir/axis-from-start.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'
import type {AxisTie, TieMember} from './op-spec.js'
import {shapeOf} from './operand.js'

/** Rules that many operators share. A rule says nothing of an axis whose size is not a number. */

/** How long an axis is, counted from the front; undefined while that is not a number. */
export function sizeOf(value: Value | undefined, axis: number): number | undefined {
  const size = shapeOf(value)?.[axis]
  return typeof size === 'number' ? size : undefined
}

/** Whole axes that are one, an absent operand left out. None where the sizes differ or no size is known. */
export function tieAxes(
  axes: readonly (readonly [value: Value | undefined, axis: number])[],
  what: Pick<AxisTie, 'kind' | 'inexact'> = {},
): AxisTie[] {
  const present = axes.flatMap(([value, axis]) => (value ? [{value, axis}] : []))
  const sizes = present.flatMap(({value, axis}) => sizeOf(value, axis) ?? [])
  const [size] = sizes
  if (size === undefined || sizes.some((other) => other !== size)) return []
  return [{size, members: present, ...what}]
}

/** A tie of members that lie on axes in other ways; none while its size is not a whole number. */
export function tieRuns(
  size: number | undefined,
  members: readonly (Omit<TieMember, 'value'> & {readonly value: Value | undefined})[],
  what: Pick<AxisTie, 'kind' | 'inexact'> = {},
): AxisTie[] {
  if (size === undefined || !Number.isInteger(size) || size < 1) return []
  const present = members.flatMap(({value, ...place}) => (value ? [{value, ...place}] : []))
  return [{size, members: present, ...what}]
}

/** Every axis of every input is the same axis of the first output, sizes of 1 that are stretched excepted. */
export function tieBroadcast(node: Node): AxisTie[] {
  const output = node.outputs[0]
  const rank = shapeOf(output)?.length ?? 0
  return Array.from({length: rank}, (_, axis) =>
    tieAxes([...node.inputs.flatMap((input) => stretchedTo(input, axis - rank)), [output, axis]]),
  ).flat()
}

/** The axis counted from the end, if the value reaches that far and is not stretched there. */
export function stretchedTo(value: Value | undefined, fromEnd: number): [Value, number][] {
  const shape = shapeOf(value)
  const axis = shape ? shape.length + fromEnd : -1
  return value && shape && axis >= 0 && shape[axis] !== 1 ? [[value, axis]] : []
}

/** Axis for axis, from input 0 to output 0. */
export function tieFirst(node: Node): AxisTie[] {
  return tieBut(node, [])
}

/** Axis for axis from input 0 to output 0, some excepted (counted from the front): what is computed over them needs them whole. */
export function tieBut(node: Node, whole: readonly number[]): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  return axesOf(x).flatMap((axis) =>
    whole.includes(axis)
      ? []
      : tieAxes([
          [x, axis],
          [y, axis],
        ]),
  )
}

/** Parts that lie one behind the other on an axis of a whole, as Concat joins and Split cuts them; all other axes run through. @param axis from the front or the back. */
export function tieParts(whole: Value | undefined, parts: readonly (Value | undefined)[], axis: number): AxisTie[] {
  const rank = shapeOf(whole)?.length ?? 0
  const joined = axisFromStart(axis, rank)
  const ties = axesOf(whole).flatMap((other) =>
    other === joined ? [] : tieAxes([...parts, whole].map((value) => [value, other] as const)),
  )
  let offset = 0
  for (const part of parts) {
    const size = sizeOf(part, joined)
    // behind a part of unknown length nobody knows where the next one starts
    if (size === undefined) break
    ties.push(
      ...tieRuns(size, [
        {value: part, axis: joined},
        {value: whole, axis: joined, offset},
      ]),
    )
    offset += size
  }
  return ties
}

/** Channels on axis 1, of input 0 and of every output. */
export function tieChannels(node: Node): AxisTie[] {
  return tieAxes([node.inputs[0], ...node.outputs].map((value) => [value, 1] as const))
}

/** The axes of a value, none while its rank is not known. */
export function axesOf(value: Value | undefined): number[] {
  return [...(shapeOf(value) ?? []).keys()]
}
