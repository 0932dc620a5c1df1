import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import {int64, readNumbers, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import {type AxisOrder, axisBefore, constantBefore, listBefore} from './axis-order.js'

/** How a node computes the same from data whose axes stand in the order before a Transpose. */
export interface Reordering {
  /** Input slots that have to be reordered, constants aside. */
  readonly data: readonly number[]
  /** Whether the result is in the new order too; false where the axes that moved are gone from it. */
  readonly isReordered: boolean
  /** Rewrites the node's attributes and constants. */
  apply(): void
}

type Reorder = (node: Node, order: AxisOrder, opset: number) => Reordering | undefined

/** Undefined where the node does not do the same in any order of axes, or something it is told by is not constant. */
export function reorderingOf(node: Node, order: AxisOrder, opset: number): Reordering | undefined {
  const reorder = node.domain === '' ? ownEntry(REORDERS, node.opType) : undefined
  if (!reorder || node.outputs.some((value) => !value || !shapeOf(value))) return undefined
  return reorder(node, order, opset)
}

function replaceConstant(node: Node, slot: number, tensor: Tensor): void {
  const old = node.inputs[slot] as Value
  node.graph.setInput(node, slot, node.graph.constant(tensor, old.name))
  if (old.uses.size === 0) old.graph.removeConstant(old)
}

function numbersAt(node: Node, slot: number): number[] | undefined {
  const tensor = node.inputs[slot]?.constant
  return tensor && tensor.dtype !== 'string' ? readNumbers(tensor) : undefined
}

const first =
  (apply: (node: Node) => void = () => {}): Reorder =>
  (node, order) =>
    shapeOf(node.inputs[0])?.length === order.length
      ? {data: [0], isReordered: true, apply: () => apply(node)}
      : undefined

/** Constants are reordered in place; single numbers fit everywhere. */
const broadcasting: Reorder = (node, order) => {
  const data: number[] = []
  const constants: number[] = []
  for (const [slot, value] of node.inputs.entries()) {
    const shape = shapeOf(value) ?? value?.constant?.shape
    if (!value || !shape || shape.length > order.length) return undefined
    if (shape.every((size) => size === 1) && shape.length < order.length) continue
    if (value.constant) constants.push(slot)
    else if (shape.length === order.length) data.push(slot)
    else return undefined
  }
  const apply = (): void => {
    for (const slot of constants)
      replaceConstant(node, slot, constantBefore(node.inputs[slot]?.constant as Tensor, order))
  }
  return data.length > 0 ? {data, isReordered: true, apply} : undefined
}

/** What an axis is named for: Concat, Split, Softmax. */
const alongAxis =
  (fallback: number | undefined, sinceOpset = 1): Reorder =>
  (node, order, opset) => {
    const axis = node.int('axis', fallback)
    const base = node.opType === 'Concat' ? broadcasting(node, order, opset) : first()(node, order, opset)
    if (!base || axis === undefined || opset < sinceOpset) return undefined
    const apply = (): void => {
      base.apply()
      node.set('axis', axisBefore(axis, order))
    }
    return {...base, apply}
  }

/** Axes in an attribute, or in an input since some opset. */
const reduce: Reorder = (node, order) => {
  const base = first()(node, order, 0)
  const slot = node.inputs[1] ? 1 : undefined
  const axes = slot === undefined ? node.ints('axes', undefined) : numbersAt(node, slot)
  if (!base || !axes?.length) return undefined
  const moved = axes.map((axis) => axisBefore(axis, order)).sort((a, b) => a - b)
  const isReordered = node.int('keepdims', 1) !== 0
  const left = order.filter((axis) => !moved.includes(axis))
  const staysSorted = left.every((axis, i) => i === 0 || axis > (left[i - 1] as number))
  if (!isReordered && !staysSorted) return undefined
  const apply = (): void => {
    if (slot === undefined) node.set('axes', moved)
    else replaceConstant(node, slot, int64(moved))
  }
  return {...base, isReordered, apply}
}

/** Amounts before and behind, per axis. */
const pad: Reorder = (node, order, opset) => {
  const base = first()(node, order, opset)
  const inInput = opset >= 11
  const amounts = inInput ? numbersAt(node, 1) : node.ints('pads', undefined)
  if (!base || node.inputs[3] || amounts?.length !== 2 * order.length) return undefined
  const rank = order.length
  const moved = [...listBefore(amounts.slice(0, rank), order), ...listBefore(amounts.slice(rank), order)]
  const apply = (): void => {
    if (inInput) replaceConstant(node, 1, int64(moved))
    else node.set('pads', moved)
  }
  return {...base, apply}
}

const slice: Reorder = (node, order, opset) => {
  const base = first()(node, order, opset)
  const [starts, axes] = [numbersAt(node, 1), numbersAt(node, 3)]
  if (!base || opset < 10 || !starts || (node.inputs[3] && !axes)) return undefined
  const moved = (axes ?? [...starts.keys()]).map((axis) => axisBefore(axis, order))
  const apply = (): void => {
    if (axes) replaceConstant(node, 3, int64(moved))
    else node.graph.setInput(node, 3, node.graph.constant(int64(moved), `${node.name}_axes`))
  }
  return {...base, apply}
}

/** Scales or sizes per axis. Interpolation wants channels in front: ONNX Runtime has it for the last axes alone. */
const resize: Reorder = (node, order, opset) => {
  const base = first()(node, order, opset)
  const slots = node.inputs.flatMap((value, slot) => (slot > 0 && value && !isEmpty(value) ? [slot] : []))
  const [slot] = slots
  const list = slots.length === 1 && slot !== undefined ? node.inputs[slot]?.constant : undefined
  if (!base || slot === undefined || !list || list.shape[0] !== order.length || node.ints('axes', undefined))
    return undefined
  if (node.string('coordinate_transformation_mode', '') === 'tf_crop_and_resize') return undefined
  const isNearest = node.string('mode', 'nearest') === 'nearest'
  if (!isNearest && order.at(-1) !== 1) return undefined
  return {...base, apply: () => replaceConstant(node, slot, constantBefore(perAxis(list, order), IDENTITY))}
}

const IDENTITY: AxisOrder = [0]

/** A list per axis, in the new order. */
function perAxis(list: Tensor, order: AxisOrder): Tensor {
  const read = () => {
    const data = list.read()
    const moved = data.slice()
    listBefore([...order.keys()], order).forEach((from, to) => {
      moved[to] = data[from] as never
    })
    return moved
  }
  return {...constantBefore(list, IDENTITY), read}
}

function isEmpty({constant}: Value): boolean {
  return constant?.shape.includes(0) === true
}

const UNARY = [
  ...['Abs', 'Cast', 'Ceil', 'Clip', 'Elu', 'Erf', 'Exp', 'Floor', 'Gelu', 'HardSigmoid', 'HardSwish', 'Identity'],
  ...['LeakyRelu', 'Log', 'Mish', 'Neg', 'Not', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Sigmoid', 'Sign', 'Softplus'],
  ...['Softsign', 'Sqrt', 'Tanh', 'ThresholdedRelu'],
]

const BROADCASTING = [
  ...['Add', 'And', 'Div', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Max', 'Min', 'Mul', 'Or'],
  ...['Pow', 'PRelu', 'Sub', 'Sum', 'Where'],
]

const REDUCTIONS = ['ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd', 'ReduceSum']

const REORDERS: Readonly<Record<string, Reorder>> = {
  ...Object.fromEntries(UNARY.map((type) => [type, first()])),
  ...Object.fromEntries(BROADCASTING.map((type) => [type, broadcasting])),
  ...Object.fromEntries(REDUCTIONS.map((type) => [type, reduce])),
  Concat: alongAxis(undefined),
  Split: alongAxis(0),
  // before, all axes from this one on were one
  Softmax: alongAxis(-1, 13),
  LogSoftmax: alongAxis(-1, 13),
  Pad: pad,
  Slice: slice,
  Resize: resize,
  Upsample: resize,
}
