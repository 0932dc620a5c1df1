import {axisFromStart} from '../../../ir/axis-from-start.js'
import {sameDim} from '../../../ir/dim.js'
import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import {readNumbers} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'

/** Per input slot the axis to select along; undefined for inputs that stay whole. */
export type Route = readonly (number | undefined)[]

type Router = (node: Node, axis: number, rank: number) => Route | undefined

/**
 * Where a selection along one axis of a node's result can be made instead: along which axes of its inputs. Undefined when the node
 * mixes the positions of that axis, or when a constant would be selected from, which may be a weight.
 *
 * @param node of the standard domain, with types; only its first output is looked at.
 */
export function selectionRoute(node: Node, axis: number): Route | undefined {
  const rank = shapeOf(node.outputs[0])?.length
  const router = node.domain === '' ? ownEntry(ROUTERS, node.opType) : undefined
  const route = rank === undefined ? undefined : router?.(node, axis, rank)
  const touchesConstant = route?.some((along, slot) => along !== undefined && node.inputs[slot]?.constant)
  return touchesConstant ? undefined : route
}

const first: Router = (_node, axis) => [axis]

const broadcasting: Router = (node, axis) => {
  const routes = node.inputs.map((input) => alignedAxis(input, node.outputs[0] as Value, axis))
  return routes.includes('unknown') ? undefined : routes.map((route) => (typeof route === 'number' ? route : undefined))
}

/** Which axis of a broadcast operand runs along `axis` of the result; 'none' where it has none, or one of size 1. */
function alignedAxis(operand: Value | undefined, result: Value, axis: number): number | 'none' | 'unknown' {
  const [own, all] = [shapeOf(operand), shapeOf(result)]
  if (!own || !all) return 'unknown'
  const aligned = axis - (all.length - own.length)
  if (aligned < 0 || own[aligned] === 1) return 'none'
  return sameDim(own[aligned], all[axis]) ? aligned : 'unknown'
}

/** Rows come from A, columns from B, batch axes from both. */
const matMul: Router = (node, axis, rank) => {
  const [a, b] = node.inputs.map((input) => shapeOf(input)?.length ?? 0)
  if (!a || !b || a < 2 || b < 2) return undefined
  if (axis === rank - 2) return [a - 2]
  if (axis === rank - 1) return [undefined, b - 1]
  return broadcasting(node, axis, rank)
}

const gemm: Router = (node, axis) => {
  const [, , bias] = node.inputs
  const rows = bias && shapeOf(bias)
  const isPerColumn = !bias || rows?.length === 1 || rows?.[0] === 1
  return axis === 0 && isPerColumn ? [node.int('transA', 0) ? 1 : 0] : undefined
}

/** Normalized or summed over one axis, or from one axis on: the others do not mix. */
const beside =
  (fallback: number, isFrom: boolean): Router =>
  (node, axis, rank) => {
    const own = axisFromStart(node.int('axis', fallback), rank)
    return (isFrom ? axis < own : axis !== own) ? [axis] : undefined
  }

const transpose: Router = (node, axis, rank) => {
  const order = node.ints(
    'perm',
    Array.from({length: rank}, (_, index) => rank - 1 - index),
  )
  return [order[axis]]
}

/** Sizes up to the axis are copied from the input, so that it is an axis of both. */
const reshape: Router = (node, axis) => {
  const target = node.inputs[1]?.constant
  const sizes = target && readNumbers(target).slice(0, axis + 1)
  const isCopied = sizes?.length === axis + 1 && sizes.every((size) => size === 0)
  return isCopied && node.int('allowzero', 0) === 0 ? [axis] : undefined
}

const ELEMENTWISE = [
  'Abs',
  'Cast',
  'Clip',
  'Elu',
  'Erf',
  'Exp',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'Identity',
  'LeakyRelu',
  'Log',
]
const MORE = ['Neg', 'Reciprocal', 'Relu', 'Selu', 'Sigmoid', 'Softplus', 'Sqrt', 'Tanh']
const BROADCAST = ['Add', 'Div', 'Max', 'Min', 'Mul', 'Pow', 'Sub', 'Sum', 'Where']

const ROUTERS: Readonly<Record<string, Router>> = {
  ...Object.fromEntries([...ELEMENTWISE, ...MORE].map((type) => [type, first])),
  ...Object.fromEntries(BROADCAST.map((type) => [type, broadcasting])),
  Gemm: gemm,
  LayerNormalization: beside(-1, true),
  LogSoftmax: beside(-1, false),
  MatMul: matMul,
  Reshape: reshape,
  Softmax: beside(-1, false),
  Transpose: transpose,
}
