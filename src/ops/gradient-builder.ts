import {UnsupportedOpError} from '../errors.js'
import type {AttributeLike} from '../ir/attribute.js'
import {GraphBuilder} from '../ir/build.js'
import {type Dim, sameDim} from '../ir/dim.js'
import {type DType, dtypeCode} from '../ir/dtype.js'
import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import {tensorOf} from '../ir/tensor.js'
import type {Shape} from '../ir/types.js'
import type {Value} from '../ir/value.js'
import {knownProduct} from './count.js'
import {dtypeOf, shapeOf} from './operand.js'

/** What the walk knows and a rule may ask for. */
export interface GradientHooks {
  /** Fills in the types of the outputs of a node that was just written. */
  infer(node: Node): void
  /** Whether somebody wants the gradient of a value. A rule may always give it: what nobody uses is removed. */
  needs(value: Value | undefined): boolean
}

/**
 * What gradient rules write with: every node has its types at once, so that a rule can ask for the shape of what it wrote.
 * All operators are written as they stand from opset 16 to 24, in the element type of the values they work on.
 * Sizes that are known become constants; free ones are read from the data by Shape.
 */
export class GradientBuilder extends GraphBuilder {
  constructor(
    graph: Graph,
    private readonly hooks: GradientHooks,
    place: {before?: Node} = {},
  ) {
    super(graph, place)
  }

  /** Writes in front of a forward node: what takes its place, its outputs moved there. */
  before(node: Node): GradientBuilder {
    return new GradientBuilder(this.graph, this.hooks, {before: node})
  }

  override node(...parts: Parameters<GraphBuilder['node']>): Node {
    const node = super.node(...parts)
    this.hooks.infer(node)
    return node
  }

  needs(value: Value | undefined): boolean {
    return this.hooks.needs(value)
  }

  /** @throws UnsupportedOpError always: this one node cannot be differentiated. */
  refuse(node: Node, reason: string): never {
    throw new UnsupportedOpError(node, 'gradient', reason, 'Leave what feeds it frozen, or export the model without it')
  }

  /** An output of a forward node, added to it when it was left out. */
  outputOf(node: Node, index: number): Value {
    const present = node.outputs[index]
    if (present) return present
    const value = this.graph.newValue(this.graph.names.fresh(`${node.name}_out${index}`))
    node.graph.moveOutput(value, node, index)
    this.hooks.infer(node)
    return value
  }

  add(a: Value, b: Value): Value {
    return this.op('Add', [a, b])
  }

  sub(a: Value, b: Value): Value {
    return this.op('Sub', [a, b])
  }

  mul(a: Value, b: Value): Value {
    return this.op('Mul', [a, b])
  }

  div(a: Value, b: Value): Value {
    return this.op('Div', [a, b])
  }

  /** value · factor; nothing is written for a factor of 1. */
  scale(value: Value, factor: number): Value {
    return factor === 1 ? value : this.mul(value, this.like(value, factor))
  }

  /** value + offset */
  shift(value: Value, offset: number): Value {
    return this.add(value, this.like(value, offset))
  }

  /** A scalar in the element type of `value`. */
  like(value: Value, number: number): Value {
    return this.scalar(number, floatTypeOf(value))
  }

  /** A bool or integer tensor as 0 and 1, or as numbers, in the element type of `value`. */
  castLike(mask: Value, value: Value): Value {
    return this.op('Cast', [mask], {to: dtypeCode(floatTypeOf(value))})
  }

  /** `value` where the condition holds, 0 elsewhere: as a product, which takes a third of the time that Where does. */
  keepWhere(condition: Value, value: Value): Value {
    return this.mul(value, this.castLike(condition, value))
  }

  /** The sizes of a value as an int64 vector. */
  shapeOf(value: Value): Value {
    const shape = shapeOf(value)
    return isKnown(shape) ? this.ints(shape) : this.op('Shape', [value])
  }

  /** Sizes as an int64 vector, those that are free read from `source`, whose axis `axes[i]` has the size `sizes[i]`. */
  sizesOf(source: Value, axes: readonly number[]): Value {
    const shape = shapeOf(source)
    const sizes = axes.map((axis) => shape?.[axis])
    return isKnown(sizes) ? this.ints(sizes) : this.op('Gather', [this.op('Shape', [source]), this.ints(axes)])
  }

  /** How many elements there are along the axes, all by default, as a scalar in the element type of `value`. */
  countAlong(value: Value, axes?: readonly number[]): Value {
    const shape = shapeOf(value)
    const known = knownProduct(axes && shape ? axes.map((axis) => shape.at(axis)) : axes ? undefined : shape)
    if (known !== undefined) return this.like(value, known)
    const sizes = this.op('Shape', [value])
    const chosen = axes ? this.op('Gather', [sizes, this.ints(axes)]) : sizes
    return this.castLike(this.op('ReduceProd', [chosen], {keepdims: 0}), value)
  }

  zerosLike(value: Value): Value {
    return this.filled(this.shapeOf(value), value, 0)
  }

  /** A tensor of one number, sizes by an int64 vector, element type as in `value`. */
  filled(sizes: Value, value: Value, number: number): Value {
    const dtype = floatTypeOf(value)
    const data = dtype === 'float64' ? Float64Array.of(number) : Float32Array.of(number)
    if (dtype !== 'float32' && dtype !== 'float64') return this.op('Expand', [this.like(value, number), sizes])
    return this.op('ConstantOfShape', [sizes], {value: {type: 'tensor', value: tensorOf(dtype, [1], data)}})
  }

  reshape(value: Value, sizes: readonly number[]): Value {
    return this.op('Reshape', [value, this.ints(sizes)])
  }

  /** The elements in the shape of another value, which has as many. */
  reshapeAs(value: Value, target: Value): Value {
    const shape = shapeOf(target)
    const free = shape?.filter((size) => typeof size !== 'number').length
    const sizes =
      shape && free === 1 && !shape.includes(0)
        ? this.ints(shape.map((size) => (typeof size === 'number' ? size : -1)))
        : this.shapeOf(target)
    const reshaped = this.op('Reshape', [value, sizes])
    if (target.type) reshaped.type = target.type
    return reshaped
  }

  /** [rows, last size]: a free last size is read from the data. */
  asMatrix(value: Value): Value {
    const last = shapeOf(value)?.at(-1)
    if (typeof last === 'number') return this.reshape(value, [-1, last])
    const axis = (shapeOf(value)?.length ?? 1) - 1
    return this.op('Reshape', [value, this.op('Concat', [this.ints([-1]), this.sizesOf(value, [axis])], {axis: 0})])
  }

  /** A result that was just transposed is transposed once; what others read too stays as they have it. */
  transpose(value: Value, perm: readonly number[]): Value {
    if (perm.every((axis, index) => axis === index)) return value
    const {producer} = value
    const first = producer?.opType === 'Transpose' ? producer.ints('perm', undefined) : undefined
    if (!producer?.inputs[0] || !first || value.uses.size > 0) return this.op('Transpose', [value], {perm})
    return this.transpose(
      producer.inputs[0],
      perm.map((axis) => first[axis] as number),
    )
  }

  /** The last two axes swapped. @throws nothing: the rank must be known. */
  transposeLast(value: Value): Value {
    const rank = shapeOf(value)?.length ?? 2
    const order = Array.from({length: rank}, (_, axis) => axis)
    return this.transpose(value, [...order.slice(0, -2), rank - 1, rank - 2])
  }

  unsqueeze(value: Value, axes: readonly number[]): Value {
    return axes.length === 0 ? value : this.op('Unsqueeze', [value, this.ints(axes)])
  }

  /** Sum over axes. */
  sum(value: Value, axes: readonly number[], keepdims: 0 | 1 = 1): Value {
    return axes.length === 0 ? value : this.op('ReduceSum', [value, this.ints(axes)], {keepdims})
  }

  /** Mean over axes, which stay as size 1. */
  mean(value: Value, axes: readonly number[]): Value {
    return this.div(this.sum(value, axes), this.countAlong(value, axes))
  }

  /** `value` summed over the axes along which `target` was stretched to it: the gradient of broadcasting. */
  sumTo(value: Value, target: Value): Value {
    const [from, to] = [shapeOf(value), shapeOf(target)]
    if (!from || !to || from.length < to.length) return this.#sumToAtRunTime(value, target)
    const missing = from.length - to.length
    const stretched = to.map((size, axis) => isStretched(from[missing + axis], size))
    if (stretched.includes(undefined)) return this.#sumToAtRunTime(value, target)
    const summed = this.sum(
      value,
      stretched.flatMap((is, axis) => (is ? [missing + axis] : [])),
    )
    return this.sum(summed, [...Array(missing).keys()], 0)
  }

  /** Which axes were stretched is only known from the data: the sizes are compared there. */
  #sumToAtRunTime(value: Value, target: Value): Value {
    const [from, to] = [this.op('Shape', [value]), this.op('Shape', [target])]
    const missing = this.sub(this.op('Shape', [from]), this.op('Shape', [to]))
    const padded = this.op('Concat', [this.op('Expand', [this.ints([1]), missing]), to], {axis: 0})
    const differs = this.op('Not', [this.op('Equal', [from, padded])])
    const axes = this.op('Squeeze', [this.op('NonZero', [differs]), this.ints([0])])
    const summed = this.op('ReduceSum', [value, axes], {keepdims: 1, noop_with_empty_axes: 1})
    const result = this.op('Reshape', [summed, to], {allowzero: 1})
    if (target.type) result.type = target.type
    return result
  }

  /** `value` stretched to the shape of `target`. */
  expandAs(value: Value, target: Value): Value {
    const expanded = this.op('Expand', [value, this.shapeOf(target)])
    if (target.type) expanded.type = target.type
    return expanded
  }

  /** Where each element of `value` lies, row-major, in its shape. */
  positions(value: Value): Value {
    const count = this.op('Size', [value])
    const flat = this.op('Range', [this.scalar(0, 'int64'), count, this.scalar(1, 'int64')])
    return this.op('Reshape', [flat, this.shapeOf(value)])
  }

  /** Adds each element of `gradient` into a tensor of zeros like `target`, at its flat position. The gradient of any selection. */
  scatterBack(gradient: Value, positions: Value, target: Value): Value {
    const zeros = this.filled(this.op('Reshape', [this.op('Size', [target]), this.ints([1])]), target, 0)
    const flat = [zeros, this.reshape(positions, [-1]), this.reshape(gradient, [-1])]
    return this.reshapeAs(this.op('ScatterElements', flat, {axis: 0, reduction: 'add'}), target)
  }

  /** Calls the same operator with other inputs. */
  again(
    node: Node,
    inputs: readonly (Value | undefined)[],
    changes: Readonly<Record<string, AttributeLike>> = {},
  ): Value {
    return this.op(node.opType, inputs, {...Object.fromEntries(node.attributes), ...changes}, {domain: node.domain})
  }
}

function floatTypeOf(value: Value): Exclude<DType, 'string'> {
  const dtype = dtypeOf(value)
  return dtype === undefined || dtype === 'string' ? 'float32' : dtype
}

function isKnown(shape: Shape | undefined): shape is readonly number[] {
  return shape?.every((size) => typeof size === 'number') ?? false
}

/** Undefined when only the data tells. */
function isStretched(from: Dim, to: Dim): boolean | undefined {
  if (sameDim(from, to)) return false
  if (to === 1) return true
  return typeof to === 'number' ? false : undefined
}
