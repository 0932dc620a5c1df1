import {addDims, type Dim, floorDivDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import {knownNumbers} from '../numbers.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, unknownSizes} from '../operand.js'
import {record} from '../record.js'

/** DFT: the discrete Fourier transform along one axis, [..., 1 or 2] to [..., 2]; the axis is an input since opset 20. ONNX DFT-17, 20. */
export const dft17 = record({
  type: 'DFT',
  sinceOpset: 17,
  infer: (node, ctx) => inferDft(node, ctx, node.int('axis', 1)),
})
export const dft = record({
  type: 'DFT',
  sinceOpset: 20,
  infer: (node, ctx) => inferDft(node, ctx, node.inputs[2] ? knownNumbers(ctx, node.inputs[2])?.[0] : -2),
})

function inferDft(node: Node, ctx: InferContext, axis: number | undefined): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  if (!shape) return [{dtype, shape}]
  if (axis === undefined) return [{dtype, shape: unknownSizes(shape.length)}]
  const place = normalizeAxis(node, axis, shape.length)
  const oneSided = node.int('onesided', 0) === 1
  const isInverse = node.int('inverse', 0) === 1
  const length = node.inputs[1] ? ctx.contentsOf(node.inputs[1])?.[0] : shape[place]
  // what the two flags mean together has changed between releases of ONNX: the length and the last axis stay open
  const result = [...shape.slice(0, -1), oneSided && isInverse ? undefined : 2]
  result[place] = oneSided ? (isInverse ? undefined : bins(length)) : length
  return [{dtype, shape: result}]
}

/** A real signal's spectrum is symmetric: half of it and the middle are kept. */
export function bins(length: Dim): Dim {
  return addDims(floorDivDims(length, 2), 1)
}
