import {addDims, floorDivDims, subDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {InferContext, Inferred} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {record} from '../record.js'
import {bins} from './dft.js'

/** STFT: signal [N, length, 1 or 2] in overlapping frames to spectra [N, frames, bins, 2]. ONNX STFT-17. */
export const stft = record({type: 'STFT', sinceOpset: 17, infer: inferStft})

function inferStft(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const step = ctx.contentsOf(node.inputs[1])?.[0]
  const frame = node.inputs[3] ? ctx.contentsOf(node.inputs[3])?.[0] : shapeOf(node.inputs[2])?.[0]
  // only whole frames: a rest of the signal is dropped
  const frames = addDims(floorDivDims(subDims(shape?.[1], frame), step), 1)
  return [{dtype, shape: [shape?.[0], frames, node.int('onesided', 1) === 1 ? bins(frame) : frame, 2]}]
}
