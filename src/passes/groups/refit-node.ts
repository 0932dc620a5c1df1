import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import {ownEntry} from '../../ir/own-entry.js'
import {int64, readNumbers} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {padsOf} from '../../ops/movement/pad.js'
import {slicedAxes} from '../../ops/movement/tie-sliced.js'
import {axesOf, sizeOf} from '../../ops/ties.js'
import type {Positions} from './take-positions.js'

/** What axes are going to be made of; types still tell how long they were. */
export interface NewSizes {
  /** undefined where the axis stays. */
  positions(value: Value | undefined, axis: number): Positions | undefined
}

type Refit = (node: Node, sizes: NewSizes) => void

/** Operators that state a size in an attribute or a constant. All others take it from their inputs. */
const REFITS: Readonly<Record<string, Refit>> = {
  Conv: (node, sizes) => scaleAttribute(node, 'group', 1, ratioOf(node.inputs[0], 1, sizes)),
  FusedConv: (node, sizes) => scaleAttribute(node, 'group', 1, ratioOf(node.inputs[0], 1, sizes)),
  ConvTranspose: (node, sizes) => scaleAttribute(node, 'group', 1, ratioOf(node.inputs[0], 1, sizes)),
  GroupNormalization: (node, sizes) => scaleAttribute(node, 'num_groups', 0, ratioOf(node.inputs[0], 1, sizes)),
  LSTM: refitHidden,
  GRU: refitHidden,
  RNN: refitHidden,
  Attention: refitHeads,
  MultiHeadAttention: refitHeads,
  GroupQueryAttention: refitHeads,
  RotaryEmbedding: refitHeads,
  Reshape: refitTarget,
  Expand: refitTarget,
  Split: refitSplit,
  Slice: refitSlice,
  Pad: refitPad,
  Resize: refitResize,
}

/** Lets a node say the sizes that its values are going to have. */
export function refitNode(node: Node, sizes: NewSizes): void {
  ownEntry(REFITS, node.opType)?.(node, sizes)
}

/** New length of an axis by its old one. */
function ratioOf(value: Value | undefined, axis: number, sizes: NewSizes): number {
  const [before, after] = [sizeOf(value, axis), sizes.positions(value, axis)?.length]
  return before === undefined || after === undefined ? 1 : after / before
}

/** A count of 1 or less stays: it is not made of the axis. */
function scaleAttribute(node: Node, name: string, unscaled: number, ratio: number): void {
  const count = node.int(name, unscaled)
  if (ratio !== 1 && count > unscaled) node.set(name, Math.round(count * ratio))
}

function refitHidden(node: Node, sizes: NewSizes): void {
  const units = sizes.positions(node.inputs[2], 2)
  if (units) node.set('hidden_size', units.length)
}

/** Attributes that count heads, all of them in the same ratio: a key head goes with its query heads. */
const HEAD_COUNTS = ['num_heads', 'kv_num_heads', 'q_num_heads'] as const

/** Where heads are, by rank of the tensor that has them: [N, T, heads · size], [N, heads, T, size], [N, T, heads, 3, size]. */
const HEAD_AXIS: Readonly<Record<number, number>> = {3: 2, 4: 1, 5: 2}

function refitHeads(node: Node, sizes: NewSizes): void {
  const [y] = node.outputs
  const ratio = ratioOf(y, HEAD_AXIS[axesOf(y).length] ?? 0, sizes)
  for (const name of HEAD_COUNTS) scaleAttribute(node, name, 0, ratio)
  const widths = node.ints('qkv_hidden_sizes', undefined)
  if (widths && ratio !== 1)
    node.set(
      'qkv_hidden_sizes',
      widths.map((width) => Math.round(width * ratio)),
    )
}

/** Entries of a target that say a size; 0 and -1 still come to the right one. */
function refitTarget(node: Node, sizes: NewSizes): void {
  const [y] = node.outputs
  const target = node.ints('shape', undefined) ?? numbersOf(node.inputs[1])
  if (!target) return
  const behind = axesOf(y).length - target.length
  const refitted = target.map((size, index) => (size > 0 ? (sizes.positions(y, index + behind)?.length ?? size) : size))
  if (node.attributes.has('shape')) node.set('shape', refitted)
  else setNumbers(node, 1, refitted)
}

function refitSplit(node: Node, sizes: NewSizes): void {
  const rank = axesOf(node.inputs[0]).length
  const axis = axisFromStart(node.int('axis', 0), rank)
  const before = node.outputs.map((part) => sizeOf(part, axis) ?? 0)
  const after = node.outputs.map((part, index) => sizes.positions(part, axis)?.length ?? (before[index] as number))
  if (after.every((size, index) => size === before[index])) return
  if (node.attributes.has('split')) node.set('split', after)
  else if (node.inputs[1] || !after.every((size) => size === after[0])) {
    node.attributes.delete('num_outputs')
    setNumbers(node, 1, after)
  }
}

/** A range starts behind what is left of the positions in front of it. */
function refitSlice(node: Node, sizes: NewSizes): void {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const isOld = node.attributes.has('starts')
  const [starts, ends] = isOld
    ? [node.ints('starts', []), node.ints('ends', [])]
    : [numbersOf(node.inputs[1]) ?? [], numbersOf(node.inputs[2]) ?? []]
  const [newStarts, newEnds] = [[...starts], [...ends]]
  slicedAxes(node)?.forEach(({axis, start}, index) => {
    const [before, positions, length] = [sizeOf(x, axis), sizes.positions(x, axis), sizeOf(y, axis)]
    if (before === undefined || !positions || length === undefined) return
    const first = Math.max(0, start < 0 ? start + before : start)
    newStarts[index] = positions.filter((position) => position < first).length
    newEnds[index] = positions.filter((position) => position < first + length).length
  })
  if (newStarts.every((start, index) => start === starts[index]) && newEnds.every((end, i) => end === ends[i])) return
  if (isOld) node.set('starts', newStarts).set('ends', newEnds)
  else {
    setNumbers(node, 1, newStarts)
    setNumbers(node, 2, newEnds)
  }
}

/** Of the elements that were added at either end, those that stay. */
function refitPad(node: Node, sizes: NewSizes): void {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const padding = padsOf(node)
  if (!padding) return
  const {axes, pads} = padding
  const refitted = [...pads]
  axes.forEach((axis, index) => {
    const [length, positions] = [sizeOf(x, axis) ?? 0, sizes.positions(y, axis)]
    const begin = pads[index] ?? 0
    if (!positions) return
    refitted[index] = positions.filter((position) => position < begin).length
    refitted[index + axes.length] = positions.filter((position) => position >= begin + length).length
  })
  if (refitted.every((size, index) => size === pads[index])) return
  const attribute = ['pads', 'paddings'].find((name) => node.attributes.has(name))
  if (attribute) node.set(attribute, refitted)
  else setNumbers(node, 1, refitted)
}

function refitResize(node: Node, sizes: NewSizes): void {
  const [y] = node.outputs
  const target = numbersOf(node.inputs[3])
  const axes = node.ints('axes', undefined) ?? axesOf(y)
  if (!target) return
  setNumbers(
    node,
    3,
    target.map((size, index) => sizes.positions(y, axes[index] ?? index)?.length ?? size),
  )
}

function numbersOf(value: Value | undefined): number[] | undefined {
  return value?.constant && readNumbers(value.constant)
}

/** The numbers as a constant of this node alone; others may read the one from before. */
function setNumbers(node: Node, slot: number, numbers: readonly number[]): void {
  const before = node.inputs[slot]
  const old = numbersOf(before)
  if (old && old.length === numbers.length && old.every((size, index) => size === numbers[index])) return
  const isOwn = before?.constant && before.uses.size === 1
  if (isOwn) before.graph.setConstant(before, int64(numbers))
  else node.graph.setInput(node, slot, node.graph.constant(int64(numbers), before?.name ?? `${node.name}_sizes`))
}
