import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'

/** dX from dY, for a function of each element: `x` its input, `y` its output. */
export type Derivative = (build: GradientBuilder, d: Value, at: {x: Value; y: Value; node: Node}) => Value

/** The gradient rule of a function of each element. */
export function elementwise(derivative: Derivative): GradientRule {
  return (build, node, [d]) => {
    const [x, y] = [node.inputs[0], node.outputs[0]]
    return d && x && y ? [derivative(build, d, {x, y, node})] : []
  }
}

/** 1 - v² and its kin: offset + factor · v². */
function squared(build: GradientBuilder, v: Value, offset: number, factor: number): Value {
  return build.shift(build.scale(build.mul(v, v), factor), offset)
}

const inverseRoot = (build: GradientBuilder, d: Value, v: Value) => build.div(d, build.op('Sqrt', [v]))

/** Derivatives of the mathematical functions. */
const DERIVATIVES: Readonly<Record<string, Derivative>> = {
  Abs: (build, d, {x}) => build.mul(d, build.op('Sign', [x])),
  Acos: (build, d, {x}) => build.op('Neg', [inverseRoot(build, d, squared(build, x, 1, -1))]),
  Acosh: (build, d, {x}) => inverseRoot(build, d, squared(build, x, -1, 1)),
  Asin: (build, d, {x}) => inverseRoot(build, d, squared(build, x, 1, -1)),
  Asinh: (build, d, {x}) => inverseRoot(build, d, squared(build, x, 1, 1)),
  Atan: (build, d, {x}) => build.div(d, squared(build, x, 1, 1)),
  Atanh: (build, d, {x}) => build.div(d, squared(build, x, 1, -1)),
  Cos: (build, d, {x}) => build.op('Neg', [build.mul(d, build.op('Sin', [x]))]),
  Cosh: (build, d, {x}) => build.mul(d, build.op('Sinh', [x])),
  Erf: (build, d, {x}) => build.mul(d, build.scale(bell(build, x, 1), 2 / Math.sqrt(Math.PI))),
  Exp: (build, d, {y}) => build.mul(d, y),
  Log: (build, d, {x}) => build.div(d, x),
  Neg: (build, d) => build.op('Neg', [d]),
  Reciprocal: (build, d, {y}) => build.op('Neg', [build.mul(d, build.mul(y, y))]),
  Sin: (build, d, {x}) => build.mul(d, build.op('Cos', [x])),
  Sinh: (build, d, {x}) => build.mul(d, build.op('Cosh', [x])),
  Sqrt: (build, d, {y}) => build.div(d, build.scale(y, 2)),
  Tan: (build, d, {y}) => build.mul(d, squared(build, y, 1, 1)),
}

/** exp(-scale · x²) */
export function bell(build: GradientBuilder, x: Value, scale: number): Value {
  return build.op('Exp', [build.scale(build.mul(x, x), -scale)])
}

/** @throws Error for a function without an entry: a bug of the caller. */
export function gradientOfFunction(type: string): GradientRule {
  const derivative = DERIVATIVES[type]
  if (!derivative) throw new Error(`no derivative of ${type}`)
  return elementwise(derivative)
}
