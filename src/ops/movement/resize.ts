import {type Dim, floorDivDims, mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {normalizeAxes} from '../axis.js'
import {constantNumbers} from '../numbers.js'
import type {AxisTie, InferContext, Inferred, QuantizeFact} from '../op-spec.js'
import {operand, unknownSizes, withSize} from '../operand.js'
import {OLD_FORM} from '../slots.js'
import {axesOf, tieAxes} from '../ties.js'
import {movement} from './move.js'
import {resizeGradient} from './resize-gradient.js'

/** Nearest picks elements; linear and cubic mix them, and ONNX Runtime truncates their integers instead of rounding. */
const WHERE_NEAREST: QuantizeFact = {as: 'passthrough', onlyIf: (node) => node.string('mode', 'nearest') === 'nearest'}

/** Resize: samples at other sizes, given as scales or (since opset 11) as sizes. ONNX Resize-10, 11, 13, 18, 19; Upsample-7, 9 before it. */
export const resize = movement({
  type: 'Resize',
  sinceOpset: 11,
  infer: inferResize,
  gradient: resizeGradient,
  quantize: WHERE_NEAREST,
  prune: tieResize,
})
export const resize10 = movement({
  type: 'Resize',
  sinceOpset: 10,
  gradient: OLD_FORM,
  infer: (node, ctx) => inferScaled(node, constantNumbers(ctx, node.inputs[1])),
  quantize: WHERE_NEAREST,
  prune: tieResize,
})
export const upsample9 = movement({...resize10, type: 'Upsample', sinceOpset: 9})
export const upsample7 = movement({
  type: 'Upsample',
  sinceOpset: 7,
  gradient: OLD_FORM,
  infer: (node) => inferScaled(node, node.floats('scales', undefined)),
  quantize: WHERE_NEAREST,
  prune: tieResize,
})

function inferScaled(node: Node, scales: readonly number[] | undefined): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape || !scales || scales.length !== shape.length) return [{dtype, shape: shape && unknownSizes(shape.length)}]
  return [{dtype, shape: shape.map((size, axis) => scaled(size, scales[axis] ?? 1))}]
}

function inferResize(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{dtype, shape: undefined}]
  const axes = normalizeAxes(node, node.ints('axes', undefined) ?? [...shape.keys()], shape.length)
  const sizes = ctx.contentsOf(node.inputs[3])
  const policy = node.string('keep_aspect_ratio_policy', 'stretch')
  if (sizes && policy === 'stretch') return [{dtype, shape: replaced(shape, axes, (index) => sizes[index])}]
  const scales = node.inputs[3] ? aspectScales(shape, axes, sizes, policy) : constantNumbers(ctx, node.inputs[2])
  if (!scales || scales.length !== axes.length) return [{dtype, shape: replaced(shape, axes, () => undefined)}]
  const round = sizes ? Math.round : Math.floor
  return [
    {dtype, shape: replaced(shape, axes, (index) => scaled(shape[axes[index] as number], scales[index] ?? 1, round))},
  ]
}

function replaced(shape: Shape, axes: readonly number[], size: (index: number) => Dim): Shape {
  return axes.reduce((result, axis, index) => withSize(result, axis, size(index)), shape)
}

/** One scale for all axes: the smallest (not_larger) or largest (not_smaller) of those the sizes ask for. */
function aspectScales(
  shape: Shape,
  axes: readonly number[],
  sizes: readonly Dim[] | undefined,
  policy: string,
): number[] | undefined {
  const ratios = axes.map((axis, index) => Number(sizes?.[index]) / Number(shape[axis]))
  if (policy === 'stretch' || ratios.some(Number.isNaN)) return undefined
  const scale = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)
  return axes.map(() => scale)
}

/** A free size takes whole factors and halves, quarters, … exactly; scales like 0.3 it does not. */
function scaled(size: Dim, scale: number, round: (value: number) => number = Math.floor): Dim {
  if (scale === 1) return size
  if (typeof size === 'number') return round(size * Math.fround(scale))
  if (Number.isInteger(scale)) return mulDims(size, scale)
  return Number.isInteger(1 / scale) ? floorDivDims(size, 1 / scale) : undefined
}

/** Batch and channels are never resized, positions are. */
function tieResize(node: Node): AxisTie[] {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  return axesOf(x).flatMap((axis) =>
    axis > 1
      ? []
      : tieAxes([
          [x, axis],
          [y, axis],
        ]),
  )
}
