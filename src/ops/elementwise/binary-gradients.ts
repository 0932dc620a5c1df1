import type {Node} from '../../ir/node.js'
import {readNumbers} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {dtypeOf} from '../operand.js'

/** Gradients of arithmetic on two tensors: each summed over the axes its operand was stretched along. */

type Pair = readonly [a: Value, b: Value]

function onPair(
  rule: (build: GradientBuilder, d: Value, operands: Pair, y: Value) => readonly [Value, Value],
): GradientRule {
  return (build, node, [d]) => {
    const [a, b] = node.inputs as [Value, Value]
    if (!d) return []
    const [dA, dB] = rule(build, d, [a, b], node.outputs[0] as Value)
    return [build.sumTo(dA, a), build.sumTo(dB, b)]
  }
}

export const addGradient = onPair((_build, d) => [d, d])
export const subGradient = onPair((build, d) => [d, build.op('Neg', [d])])
export const mulGradient = onPair((build, d, [a, b]) => [build.mul(d, b), build.mul(d, a)])
export const divGradient = onPair((build, d, [, b], y) => {
  const dA = build.div(d, b)
  return [dA, build.op('Neg', [build.mul(dA, y)])]
})

/** d/da a^b = b·a^(b-1), 0 where b is 0; d/db = a^b · ln a, 0 where a is not positive. */
export const powGradient: GradientRule = (build, node, [d]) => {
  const [a, wide] = node.inputs as [Value, Value]
  if (!d) return []
  const b = dtypeOf(wide) === dtypeOf(a) ? wide : build.castLike(wide, a)
  const y = node.outputs[0] as Value
  const slope = isSquare(wide) ? build.scale(a, 2) : build.mul(b, build.op('Pow', [a, build.shift(b, -1)]))
  const safe = mayBeZero(wide) ? build.op('Where', [isZero(build, b), build.like(a, 0), slope]) : slope
  const positive = build.op('Greater', [a, build.like(a, 0)])
  const log = build.op('Log', [build.op('Where', [positive, a, build.like(a, 1)])])
  const dB = build.mul(build.mul(d, y), log)
  return [
    build.sumTo(build.mul(d, safe), a),
    build.sumTo(dtypeOf(wide) === dtypeOf(a) ? dB : build.castLike(dB, wide), wide),
  ]
}

function isZero(build: GradientBuilder, b: Value): Value {
  return build.op('Equal', [b, build.like(b, 0)])
}

/** Most powers in networks are the squares of a variance. */
function isSquare({constant}: Value): boolean {
  return constant?.shape.length === 0 && readNumbers(constant)[0] === 2
}

/** The exponent of a square or a root is a scalar that stands in the file. */
function mayBeZero(b: Value): boolean {
  const {constant} = b
  return !constant || constant.shape.length > 1 || readNumbers(constant).includes(0)
}

export const sumGradient: GradientRule = (build, node, [d]) =>
  d ? node.inputs.map((input) => input && build.sumTo(d, input)) : []

export const meanGradient: GradientRule = (build, node, [d]) =>
  d ? node.inputs.map((input) => input && build.sumTo(build.scale(d, 1 / node.inputs.length), input)) : []

/** To the largest (or smallest); operands that tie share. */
export const extremeGradient: GradientRule = (build, node, [d]) => {
  if (!d) return []
  const masks = node.inputs.map((input) => input && chosen(build, node, input))
  const present = masks.filter((mask) => mask !== undefined)
  const share = present.length === 1 ? d : build.div(d, build.op('Sum', present))
  return node.inputs.map((input, index) => {
    const mask = masks[index]
    return input && mask && build.sumTo(build.mul(share, mask), input)
  })
}

function chosen(build: GradientBuilder, node: Node, input: Value): Value {
  return build.castLike(build.op('Equal', [input, node.outputs[0]]), input)
}

/** The condition chooses for the gradient as it did for the value. */
export const whereGradient: GradientRule = (build, node, [d]) => {
  const [condition, x, y] = node.inputs as [Value, Value, Value]
  if (!d) return []
  const zero = build.like(d, 0)
  return [
    undefined,
    build.sumTo(build.op('Where', [condition, d, zero]), x),
    build.sumTo(build.op('Where', [condition, zero, d]), y),
  ]
}
