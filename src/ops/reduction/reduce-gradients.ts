import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule, OpSpec} from '../op-spec.js'
import {refuse} from '../op-spec.js'

/** A reduction seen from behind: `d` and `y` have the reduced axes back, with size 1. */
interface Reduced {
  readonly node: Node
  readonly x: Value
  readonly y: Value
  readonly d: Value
}

type ReduceDerivative = (build: GradientBuilder, reduced: Reduced) => Value

const DERIVATIVES: Readonly<Record<string, ReduceDerivative>> = {
  ReduceSum: (_build, {d}) => d,
  ReduceMean: (build, {d, x, y}) => build.div(d, build.div(build.countAlong(x), build.countAlong(y))),
  ReduceMax: shareAmongEqual,
  ReduceMin: shareAmongEqual,
  ReduceSumSquare: (build, {d, x}) => build.mul(d, build.scale(x, 2)),
  ReduceL1: (build, {d, x}) => build.mul(d, build.op('Sign', [x])),
  // the norm of zeros has no slope; 0 stands for it
  ReduceL2: (build, {d, x, y}) => {
    const isZero = build.op('Equal', [y, build.like(y, 0)])
    return build.mul(x, build.div(d, build.op('Where', [isZero, build.like(y, 1), y])))
  },
  ReduceLogSum: (build, {d, y}) => build.mul(d, build.op('Exp', [build.op('Neg', [y])])),
  ReduceLogSumExp: (build, {d, x, y}) => build.mul(d, build.op('Exp', [build.sub(x, y)])),
}

export function reduceGradient(type: string): OpSpec['gradient'] {
  const derivative = DERIVATIVES[type]
  return derivative ? throughAxes(derivative) : refuse('the slope of a product divides by its factors, which may be 0')
}

function throughAxes(derivative: ReduceDerivative): GradientRule {
  return (build, node, [dReduced]) => {
    const [x, axes] = node.inputs as [Value, Value | undefined]
    if (!dReduced) return []
    const [d, y] = [dReduced, node.outputs[0] as Value].map((value) => withAxes(build, node, value, axes))
    return [build.expandAs(derivative(build, {node, x, y: y as Value, d: d as Value}), x)]
  }
}

/** The reduced axes put back. Without axes all were reduced, and a scalar stretches by itself. */
function withAxes(build: GradientBuilder, node: Node, value: Value, axes: Value | undefined): Value {
  if (node.int('keepdims', 1) === 1) return value
  const stated = node.ints('axes', undefined)
  if (axes) return build.op('Unsqueeze', [value, axes])
  return stated ? build.unsqueeze(value, stated) : value
}

/** The elements that are the extreme share it. */
function shareAmongEqual(build: GradientBuilder, {node, x, y, d}: Reduced): Value {
  const mask = build.castLike(build.op('Equal', [x, y]), x)
  const axes = node.inputs[1] ?? axesFromAttribute(build, node)
  const noop = node.int('noop_with_empty_axes', 0)
  const ties = build.op('ReduceSum', [mask, axes], {keepdims: 1, noop_with_empty_axes: noop})
  return build.mul(mask, build.div(d, ties))
}

function axesFromAttribute(build: GradientBuilder, node: Node): Value | undefined {
  const axes = node.ints('axes', undefined)
  return axes && build.ints(axes)
}
