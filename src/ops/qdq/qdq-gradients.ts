import {arrayTypeOf, BITS, isFloat} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {tensorOf} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {dtypeOf} from '../operand.js'

/**
 * Straight-through (Bengio et al. 2013): rounding counts as the identity, elements outside of the range get nothing, scales and
 * zero points are fixed. The gradient of a quantized tensor is that of the numbers it stands for.
 */
export const dequantizeGradient: GradientRule = (_build, _node, [d]) => [d]

export const quantizeGradient: GradientRule = (build, node, [d]) => {
  const [x, scale, zero] = node.inputs as [Value, Value, Value | undefined]
  const q = node.outputs[0] as Value
  if (!d) return []
  const dtype = dtypeOf(q)
  // what is outside of the range lies more than half a step from what it was rounded to
  if (dtype === undefined || BITS[dtype] < 8 || isFloat(dtype)) return [d]
  const layout = layoutOf(node)
  const restored = build.op('DequantizeLinear', [q, scale, zero].slice(0, zero ? 3 : 2), layout)
  const one = tensorOf(dtype, [1], new (arrayTypeOf(dtype))(1).fill(1 as never))
  const step = build.op('DequantizeLinear', [allOf(build, x, one), scale], layout)
  const distance = build.op('Abs', [build.sub(x, restored)])
  return [build.keepWhere(build.op('LessOrEqual', [distance, build.scale(step, 0.5001)]), d)]
}

function allOf(build: GradientBuilder, x: Value, one: ReturnType<typeof tensorOf>): Value {
  return build.op('ConstantOfShape', [build.shapeOf(x)], {value: {type: 'tensor', value: one}})
}

function layoutOf(node: Node): Record<string, number> {
  const names = ['axis', 'block_size'].filter((name) => node.attributes.has(name))
  return Object.fromEntries(names.map((name) => [name, node.int(name, 0)]))
}
