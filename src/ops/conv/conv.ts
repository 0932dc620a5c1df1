import {ShapeError} from '../../errors.js'
import {conflict, type Dim, mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {knownCount, knownProduct} from '../count.js'
import type {AxisTie, OpSpec} from '../op-spec.js'
import {operand, shapeOf, unknownSizes} from '../operand.js'
import {sizeOf, tieRuns} from '../ties.js'
import {convGradient} from './conv-gradient.js'
import {tieUngrouped} from './tie-ungrouped.js'
import {slide, windowOf} from './window.js'

/** Conv: Y[N, M, …] from X[N, C, …] and W[M, C / group, kernel…] with bias B[M]. ONNX Conv-1, 11, 22. */
export const conv: OpSpec = {
  type: 'Conv',
  sinceOpset: 1,
  infer(node) {
    const [x, w] = [operand(node, 0), operand(node, 1)]
    return [{dtype: x.dtype ?? w.dtype, shape: convShape(node, x.shape, w.shape)}]
  },
  parameters: {weights: [1], biases: [2]},
  gradient: convGradient,
  quantize: {as: 'compute', weight: 1, bias: 2, channelAxis: () => 0},
  prune: tieConv,
  macs: (node) => convMacs(node, shapeOf(node.inputs[1])),
}

/** [N, M, …]. @throws ShapeError when ranks, channels or the kernel do not fit the input. */
export function convShape(node: Node, x: Shape | undefined, w: Shape | undefined): Shape | undefined {
  const rank = x?.length ?? w?.length
  if (rank === undefined) return undefined
  const [input, weight] = [x ?? unknownSizes(rank), w ?? unknownSizes(rank)]
  if (input.length !== weight.length) {
    throw new ShapeError(node, {expected: `a weight of rank ${input.length}`, got: `rank ${weight.length}`})
  }
  const channels = mulDims(weight[1], node.int('group', 1))
  if (conflict(input[1], channels)) {
    throw new ShapeError(node, {expected: `${channels} input channels`, got: `${input[1]}`})
  }
  return [input[0], weight[0], ...slide(node, input.slice(2), windowOf(node, kernelOf(node, weight)))]
}

/** Every output element takes C / group · kernel products. */
export function convMacs(node: Node, weight: Shape | undefined): number | undefined {
  const [outputs, perOutput] = [knownCount(node.outputs[0]), knownProduct(weight?.slice(1))]
  return outputs === undefined || perOutput === undefined ? undefined : outputs * perOutput
}

/** The weight's own sizes; the attribute kernel_shape where the weight's are unknown. */
function kernelOf(node: Node, weight: Shape): readonly Dim[] {
  const stated = node.ints('kernel_shape', undefined)
  const kernel = weight.slice(2).map((size, axis) => size ?? stated?.[axis])
  if (stated && (stated.length !== kernel.length || kernel.some((size, axis) => conflict(size, stated[axis])))) {
    throw new ShapeError(node, {
      expected: `kernel_shape [${kernel.join(', ')}] as in the weight`,
      got: `[${stated.join(', ')}]`,
    })
  }
  return kernel
}

/** Group 1: input and output channels are apart. Otherwise whole groups go, each with its inputs and outputs; depthwise, they are single channels. */
function tieConv(node: Node): AxisTie[] {
  const [x, w, b] = node.inputs
  const [y] = node.outputs
  const group = node.int('group', 1)
  if (group === 1) return tieUngrouped(node, 1)
  const [inputs, outputs] = [mulDims(sizeOf(w, 1), group), sizeOf(w, 0)]
  if (typeof inputs !== 'number' || outputs === undefined) return []
  const each = outputs / group
  return tieRuns(Number.isInteger(each) ? group : undefined, [
    {value: x, axis: 1, each: inputs / group},
    {value: w, axis: 0, each},
    {value: b, axis: 0, each},
    {value: y, axis: 1, each},
  ])
}
