import {arrayTypeOf, BITS, type DType, isFloat} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {tensorOf} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {dtypeOf, shapeOf} from '../operand.js'

/**
 * Straight-through (Bengio et al. 2013): rounding counts as the identity, elements outside of the range get nothing, scales and
 * zero points are fixed. The gradient of a quantized tensor is that of the numbers it stands for.
 */
export const dequantizeGradient: GradientRule = (_build, _node, [d]) => [d]

/** Its range is that of the data: nothing lies outside. */
export const dynamicQuantizeGradient: GradientRule = (_build, _node, [d]) => [d]

export const quantizeGradient: GradientRule = (build, node, [d]) => {
  const [x, scale, zero] = node.inputs as [Value, Value, Value | undefined]
  const q = node.outputs[0] as Value
  if (!d) return []
  const dtype = dtypeOf(q)
  // a computed scale is taken from the data, as dynamic ones are; below 8 bits there is no integer arithmetic to compare with
  if (dtype === undefined || BITS[dtype] < 8 || isFloat(dtype) || scale.producer) return [d]
  const layout = layoutOf(node)
  const restored = dequantizedAlready(q, scale, zero) ?? build.op('DequantizeLinear', operands(q, scale, zero), layout)
  const step = shapeOf(scale)?.length === 0 ? scale : stepsOf(build, x, scale, dtype, layout)
  const distance = build.op('Abs', [build.sub(x, restored)])
  // what is outside of the range lies more than half a step from what it was rounded to
  return [build.keepWhere(build.op('LessOrEqual', [distance, build.scale(step, 0.5001)]), d)]
}

function operands(q: Value, scale: Value, zero: Value | undefined): Value[] {
  return zero ? [q, scale, zero] : [q, scale]
}

/** What the graph has of it: the pair stands together in most files. */
function dequantizedAlready(q: Value, scale: Value, zero: Value | undefined): Value | undefined {
  const node = q.consumers.find(({opType, inputs}) => {
    return opType === 'DequantizeLinear' && inputs[0] === q && inputs[1] === scale && inputs[2] === zero
  })
  return node?.outputs[0]
}

/** The scale of every element. */
function stepsOf(build: GradientBuilder, x: Value, scale: Value, dtype: DType, layout: Record<string, number>): Value {
  const one = tensorOf(dtype, [1], new (arrayTypeOf(dtype))(1).fill(1 as never))
  const ones = build.op('ConstantOfShape', [build.shapeOf(x)], {value: {type: 'tensor', value: one}})
  return build.op('DequantizeLinear', [ones, scale], layout)
}

function layoutOf(node: Node): Record<string, number> {
  const names = ['axis', 'block_size'].filter((name) => node.attributes.has(name))
  return Object.fromEntries(names.map((name) => [name, node.int(name, 0)]))
}
