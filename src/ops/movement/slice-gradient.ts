import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {readNumbers} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {dtypeOf, shapeOf} from '../operand.js'
import {selectionGradient} from './move-gradients.js'

/** Zeros around what was cut out, where positions are known and in steps of 1; else by position. */
export const sliceGradient: GradientRule = (build, node, gradients) => {
  const [d] = gradients
  const pads = padsOfCut(node)
  return d && pads ? [build.op('Pad', [d, build.ints(pads)])] : selectionGradient(build, node, gradients)
}

/** What Slice took away at the beginning of each axis, then at the end of each. */
function padsOfCut(node: Node): number[] | undefined {
  const [x, ...inputs] = node.inputs as [Value, ...(Value | undefined)[]]
  const shape = shapeOf(x)
  const [starts, ends, axes, steps] = inputs.map((input) => input?.constant && readNumbers(input.constant))
  const isKnown = inputs.every((input) => !input || input.constant)
  if (!shape || !starts || !ends || !isKnown || steps?.some((step) => step !== 1)) return undefined
  const [before, after] = [shape.map(() => 0), shape.map(() => 0)]
  for (const [index, start] of starts.entries()) {
    const axis = axisFromStart(axes?.[index] ?? index, shape.length)
    const size: Dim = shape[axis]
    if (typeof size !== 'number') return undefined
    const [from, to] = [start, ends[index] as number].map((at) => Math.min(Math.max(at < 0 ? at + size : at, 0), size))
    before[axis] = from as number
    after[axis] = size - Math.max(to as number, from as number)
  }
  return [...before, ...after]
}

/** What was padded is cut away again; constants around it get the rest, repeated elements are added up. */
export const padGradient: GradientRule = (build, node, gradients) => {
  const [d] = gradients
  const [x, pads, value, axes] = node.inputs as [Value, Value, Value | undefined, Value | undefined]
  if (!d) return []
  if (node.string('mode', 'constant') !== 'constant') return selectionGradient(build, node, gradients)
  const back = build.op('Pad', [d, build.op('Neg', [pads]), undefined, axes].slice(0, axes ? 4 : 2))
  if (!shapeOf(back) && x.type) back.type = x.type
  return [back, undefined, value && build.needs(value) ? whatIsLeft(build, d, back, value) : undefined]
}

function whatIsLeft(build: GradientBuilder, d: Value, back: Value, value: Value): Value {
  const [all, kept] = [d, back].map((one) => build.op('ReduceSum', [one], {keepdims: 0}))
  const rest = build.sub(all as Value, kept as Value)
  return dtypeOf(value) === dtypeOf(d) ? build.reshapeAs(rest, value) : build.castLike(rest, value)
}
