import {mulDims, sameDim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import type {AxisTie} from '../op-spec.js'
import {shapeOf} from '../operand.js'

/** An axis in the row-major order of a block: index i holds the positions p with ⌊p / stride⌋ mod size = i. */
interface Digit {
  readonly value: Value
  readonly axis: number
  readonly size: number
  readonly stride: number
}

/**
 * Reshape and its kin keep the row-major order. Axes that lie in one another are factors: [heads · size] to [heads, size] ties head h
 * to a run, and dimension d to every size-th index. Sizes of 1 come and go.
 */
export function tieReshaped(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const [from, to] = [shapeOf(x), shapeOf(y)]
  if (!x || !y || !from || !to) return []
  const [left, right] = [wideAxes(from), wideAxes(to)]
  return blocksOf({shape: from, axes: left}, {shape: to, axes: right}).flatMap((block) =>
    tieBlock(digitsOf(x, from, block.left), digitsOf(y, to, block.right)),
  )
}

function wideAxes(shape: Shape): number[] {
  return [...shape.keys()].filter((axis) => shape[axis] !== 1)
}

interface Side {
  readonly shape: Shape
  readonly axes: readonly number[]
}

interface Block {
  readonly left: readonly number[]
  readonly right: readonly number[]
}

/** Axes side by side that hold the same elements, as few as can be: found from the front as far as sizes are known, then from the back. */
function blocksOf(left: Side, right: Side): Block[] {
  const front = alignedBlocks(left, right)
  const taken = {left: countOf(front, 'left'), right: countOf(front, 'right')}
  const rest = (side: Side, count: number) => ({shape: side.shape, axes: side.axes.slice(count).reverse()})
  const back = alignedBlocks(rest(left, taken.left), rest(right, taken.right))
  return [...front, ...back.map((block) => ({left: [...block.left].reverse(), right: [...block.right].reverse()}))]
}

function countOf(blocks: readonly Block[], side: 'left' | 'right'): number {
  return blocks.reduce((sum, block) => sum + block[side].length, 0)
}

function alignedBlocks(left: Side, right: Side): Block[] {
  const blocks: Block[] = []
  let [i, j] = [0, 0]
  while (i < left.axes.length && j < right.axes.length) {
    const block = nextBlock({...left, axes: left.axes.slice(i)}, {...right, axes: right.axes.slice(j)})
    if (!block) break
    blocks.push(block)
    i += block.left.length
    j += block.right.length
  }
  return blocks
}

/** The shortest start of both with the same number of elements. Free sizes are compared, never ordered. */
function nextBlock(left: Side, right: Side): Block | undefined {
  const [first, second] = [left.shape[left.axes[0] as number], right.shape[right.axes[0] as number]]
  let [i, j] = [1, 1]
  let [a, b] = [first, second]
  while (!sameDim(a, b)) {
    // a free size on one side only: it takes more from the other, if that meets it
    const takesLeft = typeof a === 'number' && typeof b === 'number' ? a < b : typeof a === 'number'
    const next = takesLeft ? left.shape[left.axes[i++] as number] : right.shape[right.axes[j++] as number]
    if (next === undefined) return undefined
    if (takesLeft) a = mulDims(a, next)
    else b = mulDims(b, next)
  }
  return {left: left.axes.slice(0, i), right: right.axes.slice(0, j)}
}

function digitsOf(value: Value, shape: Shape, axes: readonly number[]): Digit[] {
  const digits: Digit[] = []
  let stride = 1
  for (const axis of [...axes].reverse()) {
    const size = shape[axis]
    // what lies before a free size has no known place
    if (typeof size !== 'number') break
    digits.push({value, axis, size, stride})
    stride *= size
  }
  return digits.reverse()
}

function tieBlock(left: readonly Digit[], right: readonly Digit[]): AxisTie[] {
  return left.flatMap((a) => right.flatMap((b) => tieDigits(a, b)))
}

/** The same axis, or one that is a factor of the other. */
function tieDigits(a: Digit, b: Digit): AxisTie[] {
  const [outer, inner] = a.size >= b.size ? [a, b] : [b, a]
  const isInside = inner.stride >= outer.stride && inner.stride * inner.size <= outer.stride * outer.size
  const each = inner.stride / outer.stride
  const copies = outer.size / (inner.size * each)
  if (!isInside || !Number.isInteger(each) || !Number.isInteger(copies)) return []
  const {value, axis} = outer
  const members = [
    {value: inner.value, axis: inner.axis},
    {value, axis, each, copies},
  ]
  return [each === 1 && copies === 1 ? {size: inner.size, members} : {size: inner.size, members, factor: true}]
}
