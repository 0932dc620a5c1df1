import {ShapeError} from '../../errors.js'
import {addDims, conflict, type Dim, mulDims, subDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {knownCount, knownProduct} from '../count.js'
import type {AxisTie, OpSpec} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {sizeOf, tieRuns} from '../ties.js'
import {convTransposeGradient} from './conv-gradient.js'
import {tieUngrouped} from './tie-ungrouped.js'
import {extent, listOf, type Window, windowOf} from './window.js'

/** ConvTranspose: Y[N, M, …] from X[N, C, …] and W[C, M / group, kernel…] with bias B[M]. ONNX ConvTranspose-1, 11, 22. */
export const convTranspose: OpSpec = {
  type: 'ConvTranspose',
  sinceOpset: 1,
  infer(node) {
    const [x, w] = [operand(node, 0), operand(node, 1)]
    return [{dtype: x.dtype ?? w.dtype, shape: transposedShape(node, x.shape, w.shape)}]
  },
  parameters: {weights: [1], biases: [2]},
  gradient: convTransposeGradient,
  quantize: {as: 'compute', weight: 1, bias: 2, channelAxis: () => 1},
  prune: tieConvTranspose,
  macs(node) {
    const [inputs, perInput] = [knownCount(node.inputs[0]), knownProduct(shapeOf(node.inputs[1])?.slice(1))]
    return inputs === undefined || perInput === undefined ? undefined : inputs * perInput
  },
}

function transposedShape(node: Node, x: Shape | undefined, w: Shape | undefined): Shape | undefined {
  if (!x || !w) return undefined
  if (x.length !== w.length) {
    throw new ShapeError(node, {expected: `a weight of rank ${x.length}`, got: `rank ${w.length}`})
  }
  if (conflict(x[1], w[0])) throw new ShapeError(node, {expected: `${w[0]} input channels`, got: `${x[1]}`})
  return [x[0], mulDims(w[1], node.int('group', 1)), ...spread(node, x.slice(2), w.slice(2))]
}

/** stride·(x − 1) + output_padding + dilation·(kernel − 1) + 1 − pads; `output_shape` or SAME padding decide instead where given. */
function spread(node: Node, sizes: readonly Dim[], kernel: readonly Dim[]): readonly Dim[] {
  const wanted = node.ints('output_shape', undefined)
  if (wanted && wanted.length > 0) return wanted.slice(-sizes.length)
  const window = windowOf(node, kernel)
  const extra = listOf(node, 'output_padding', sizes.length, 0)
  return sizes.map((size, axis) => spreadAxis(size, window, axis, extra[axis] ?? 0))
}

function spreadAxis(size: Dim, {kernel, strides, dilations, pads}: Window, axis: number, extra: number): Dim {
  const stride = strides[axis] ?? 1
  const pad = pads?.[axis]
  // SAME padding is what is left over: stride times the input, whatever the kernel
  if (!pad) return mulDims(size, stride)
  const steps = mulDims(subDims(size, 1), stride)
  return addDims(steps, extent(kernel[axis], dilations[axis] ?? 1), extra - pad[0] - pad[1])
}

/** As Conv, with the weight the other way round: W[C, M / group]. */
function tieConvTranspose(node: Node): AxisTie[] {
  const [x, w, b] = node.inputs
  const [y] = node.outputs
  const group = node.int('group', 1)
  if (group === 1) return tieUngrouped(node, 0)
  const [inputs, each] = [sizeOf(w, 0), sizeOf(w, 1)]
  if (inputs === undefined || each === undefined) return []
  return tieRuns(Number.isInteger(inputs / group) ? group : undefined, [
    {value: x, axis: 1, each: inputs / group},
    {value: w, axis: 0, each: inputs / group},
    {value: b, axis: 0, each},
    {value: y, axis: 1, each},
  ])
}
