import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {bell, type Derivative, elementwise} from '../elementwise/unary-gradients.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'

/** Selu's constants, as the operator's definition has them. */
const SELU_ALPHA = 1.6732632423543772
const SELU_GAMMA = 1.0507009873554805

const below = (build: GradientBuilder, x: Value, limit = 0) => build.op('Less', [x, build.like(x, limit)])
const above = (build: GradientBuilder, x: Value, limit = 0) => build.op('Greater', [x, build.like(x, limit)])
const sigmoidOf = (build: GradientBuilder, x: Value) => build.op('Sigmoid', [x])
/** 1 - v */
const oneMinus = (build: GradientBuilder, v: Value) => build.sub(build.like(v, 1), v)

/** Derivatives of the activations; attributes with their defaults from the operators' definitions. */
const DERIVATIVES: Readonly<Record<string, Derivative>> = {
  Celu: (build, d, {x, node}) =>
    build.op('Where', [
      below(build, x),
      build.mul(d, build.op('Exp', [build.scale(x, 1 / node.float('alpha', 1))])),
      d,
    ]),
  // where the limits change nothing the value passed, the limits themselves included
  Clip: (build, d, {x, y}) => build.keepWhere(build.op('Equal', [x, y]), d),
  Elu: (build, d, {x, y, node}) =>
    build.op('Where', [below(build, x), build.mul(d, build.shift(y, node.float('alpha', 1))), d]),
  Gelu: (build, d, {x, node}) => build.mul(d, slopeOfGelu(build, x, node)),
  HardSigmoid: (build, d, {y, node}) =>
    build.keepWhere(inside(build, y, 0, 1), build.scale(d, node.float('alpha', 0.2))),
  HardSwish: (build, d, {x}) => {
    const slope = build.shift(build.scale(x, 1 / 3), 0.5)
    const upper = build.op('Where', [above(build, x, 3), d, build.mul(d, slope)])
    return build.keepWhere(above(build, x, -3), upper)
  },
  LeakyRelu: (build, d, {x, node}) =>
    build.op('Where', [below(build, x), build.scale(d, node.float('alpha', 0.01)), d]),
  Mish: (build, d, {x}) => {
    const t = build.op('Tanh', [build.op('Softplus', [x])])
    const curve = build.mul(build.mul(x, sigmoidOf(build, x)), oneMinus(build, build.mul(t, t)))
    return build.mul(d, build.add(t, curve))
  },
  Relu: (build, d, {y}) => build.mul(d, build.castLike(above(build, y), d)),
  Selu: (build, d, {x, y, node}) => {
    const [alpha, gamma] = [node.float('alpha', SELU_ALPHA), node.float('gamma', SELU_GAMMA)]
    return build.op('Where', [below(build, x), build.mul(d, build.shift(y, alpha * gamma)), build.scale(d, gamma)])
  },
  Shrink: (build, d, {x, node}) => build.keepWhere(above(build, build.op('Abs', [x]), node.float('lambd', 0.5)), d),
  Sigmoid: (build, d, {y}) => build.mul(d, build.mul(y, oneMinus(build, y))),
  Softplus: (build, d, {x}) => build.mul(d, sigmoidOf(build, x)),
  Softsign: (build, d, {x}) => {
    const reach = build.shift(build.op('Abs', [x]), 1)
    return build.div(d, build.mul(reach, reach))
  },
  Swish: (build, d, {x, node}) => build.mul(d, slopeOfSwish(build, x, node.float('alpha', 1))),
  QuickGelu: (build, d, {x, node}) => build.mul(d, slopeOfSwish(build, x, node.float('alpha', 1.702))),
  Tanh: (build, d, {y}) => build.mul(d, oneMinus(build, build.mul(y, y))),
  ThresholdedRelu: (build, d, {x, node}) => build.keepWhere(above(build, x, node.float('alpha', 1)), d),
}

/** @throws Error for an activation without an entry: a bug of the caller. */
export function gradientOfActivation(type: string): GradientRule {
  const derivative = DERIVATIVES[type]
  if (!derivative) throw new Error(`no derivative of ${type}`)
  return elementwise(derivative)
}

/** FastGelu and BiasGelu: gelu(x + bias). */
export function gradientOfBiasedGelu(approximate: 'none' | 'tanh'): GradientRule {
  return (build, node, [d]) => {
    const [x, bias] = node.inputs as [Value, Value | undefined]
    if (!d) return []
    const sum = bias ? build.add(x, bias) : x
    const slope = approximate === 'tanh' ? slopeOfTanhGelu(build, sum) : slopeOfErfGelu(build, sum)
    const dX = build.mul(d, slope)
    return [dX, bias && build.sumTo(dX, bias)]
  }
}

/** The derivative of PRelu: x, or slope·x below 0. */
export const gradientOfPrelu: GradientRule = (build, node, [d]) => {
  const [x, slope] = node.inputs as [Value, Value]
  if (!d) return []
  const negative = below(build, x)
  return [
    build.op('Where', [negative, build.mul(d, slope), d]),
    build.sumTo(build.keepWhere(negative, build.mul(d, x)), slope),
  ]
}

function inside(build: GradientBuilder, y: Value, low: number, high: number): Value {
  return build.op('And', [above(build, y, low), below(build, y, high)])
}

function slopeOfGelu(build: GradientBuilder, x: Value, node: Node): Value {
  return node.string('approximate', 'none') === 'tanh' ? slopeOfTanhGelu(build, x) : slopeOfErfGelu(build, x)
}

/** Φ(x) + x·φ(x), with the normal distribution's Φ and its density φ. */
function slopeOfErfGelu(build: GradientBuilder, x: Value): Value {
  const cumulative = build.scale(build.shift(build.op('Erf', [build.scale(x, Math.SQRT1_2)]), 1), 0.5)
  const density = build.scale(bell(build, x, 0.5), 1 / Math.sqrt(2 * Math.PI))
  return build.add(cumulative, build.mul(x, density))
}

/** Of x/2 · (1 + tanh u), u = √(2/π)·(x + 0.044715·x³). */
function slopeOfTanhGelu(build: GradientBuilder, x: Value): Value {
  const root = Math.sqrt(2 / Math.PI)
  const square = build.mul(x, x)
  const t = build.op('Tanh', [build.mul(x, build.shift(build.scale(square, root * 0.044715), root))])
  const inner = build.mul(x, build.shift(build.scale(square, root * 3 * 0.044715), root))
  const curve = build.mul(oneMinus(build, build.mul(t, t)), inner)
  return build.scale(build.shift(build.add(t, curve), 1), 0.5)
}

/** Of x·σ(αx): σ + αx·σ·(1 − σ). */
function slopeOfSwish(build: GradientBuilder, x: Value, alpha: number): Value {
  const s = sigmoidOf(build, build.scale(x, alpha))
  return build.mul(s, build.shift(build.mul(build.scale(x, alpha), oneMinus(build, s)), 1))
}
