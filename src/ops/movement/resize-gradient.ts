import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import {readNumbers} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {shapeOf} from '../operand.js'

/**
 * Resizing is linear along each axis: Y = X · R, where R, [in, out], is what Resize makes of the unit matrix. So dX = dY · Rᵀ,
 * one axis after the other, for every mode and every way to count coordinates.
 */
export const resizeGradient: GradientRule = (build, node, [d]) => {
  const [x, , scales, sizes] = node.inputs as [Value, Value | undefined, Value | undefined, Value | undefined]
  const rank = shapeOf(x)?.length ?? build.refuse(node, 'the rank of its input is not known')
  if (!d) return []
  if (node.string('coordinate_transformation_mode', '') === 'tf_crop_and_resize') build.refuse(node, 'it crops')
  if (node.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') build.refuse(node, 'the data decides its scale')
  const axes = node.ints('axes', undefined) ?? [...Array(rank).keys()]
  const factors = scales?.constant && readNumbers(scales.constant)
  let result = d
  for (const [index, wanted] of axes.entries()) {
    const axis = axisFromStart(wanted, rank)
    const isKept = factors?.length ? factors[index] === 1 : shapeOf(x)?.[axis] === shapeOf(node.outputs[0])?.[axis]
    if (isKept && shapeOf(x)?.[axis] !== undefined) continue
    result = alongAxis(build, result, axis, matrixOf(build, node, {axis, index, scales, sizes}))
  }
  return [result]
}

interface Along {
  readonly axis: number
  readonly index: number
  readonly scales: Value | undefined
  readonly sizes: Value | undefined
}

/** [in, out] of one axis. */
function matrixOf(build: GradientBuilder, node: Node, {axis, index, scales, sizes}: Along): Value {
  const [x] = node.inputs as [Value]
  const length = build.sizesOf(x, [axis])
  const square = build.op('Concat', [length, length], {axis: 0})
  const unit = build.op('EyeLike', [build.filled(square, x, 0)])
  const at = build.ints([index])
  const rest = ['axes', 'keep_aspect_ratio_policy']
  const attributes = Object.fromEntries([...node.attributes].filter(([name]) => !rest.includes(name)))
  if (sizes) {
    const target = build.op('Concat', [length, build.op('Gather', [sizes, at])], {axis: 0})
    return build.op('Resize', [unit, undefined, undefined, target], attributes)
  }
  const one = build.floats([1])
  const factors = build.op('Concat', [one, build.op('Gather', [scales, at])], {axis: 0})
  return build.op('Resize', [unit, undefined, factors], attributes)
}

/** d · Rᵀ along one axis, which is moved to the end for it. */
function alongAxis(build: GradientBuilder, d: Value, axis: number, matrix: Value): Value {
  const rank = shapeOf(d)?.length ?? 0
  const order = [...[...Array(rank).keys()].filter((other) => other !== axis), axis]
  const moved = build.op('MatMul', [build.transpose(d, order), build.transposeLast(matrix)])
  return build.transpose(
    moved,
    [...Array(rank).keys()].map((other) => order.indexOf(other)),
  )
}
