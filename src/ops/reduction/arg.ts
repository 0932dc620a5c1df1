import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import {type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_CHANNELS, NO_GRADIENT, noMacs, PASSTHROUGH} from '../slots.js'
import {reduceShape} from './reduce.js'

/** The index of the largest or smallest element along one axis. ONNX ArgMax-1, 11, 12, 13; ArgMin. */
export const argMax: OpSpec = {
  type: 'ArgMax',
  sinceOpset: 1,
  infer: inferArg,
  parameters: NO_PARAMETERS,
  gradient: NO_GRADIENT,
  quantize: PASSTHROUGH,
  prune: NO_CHANNELS,
  macs: noMacs,
}
export const argMin: OpSpec = {...argMax, type: 'ArgMin'}

function inferArg(node: Node): readonly Inferred[] {
  const {shape} = operand(node, 0)
  if (!shape) return [{dtype: 'int64', shape: undefined}]
  const axis = normalizeAxis(node, node.int('axis', 0), shape.length)
  return [{dtype: 'int64', shape: reduceShape(shape, [axis], node.int('keepdims', 1) === 1)}]
}
