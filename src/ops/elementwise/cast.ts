import {DTYPE_BY_CODE, type DType} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {type InferContext, type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {dtypeOf, operand} from '../operand.js'
import {NO_GRADIENT_YET, NOT_FLOAT, noMacs} from '../slots.js'
import {tieFirst} from '../ties.js'

/** Cast: the elements in another type; `to` was the type's name before opset 6. ONNX Cast-1, 6. */
export const cast: OpSpec = {
  type: 'Cast',
  sinceOpset: 6,
  infer: (node, ctx) => [castTo(node, ctx, DTYPE_BY_CODE[node.int('to', 0)])],
  parameters: NO_PARAMETERS,
  gradient: NO_GRADIENT_YET,
  quantize: NOT_FLOAT,
  prune: tieFirst,
  macs: noMacs,
}

export const cast1: OpSpec = {
  ...cast,
  sinceOpset: 1,
  infer: (node, ctx) => [castTo(node, ctx, DTYPE_BY_NAME[node.string('to', '')])],
}

/** CastLike: the elements of input 0 in the type of input 1. ONNX CastLike-15. */
export const castLike: OpSpec = {
  ...cast,
  type: 'CastLike',
  sinceOpset: 15,
  infer: (node, ctx) => [castTo(node, ctx, dtypeOf(node.inputs[1]))],
}

const DTYPE_BY_NAME: Readonly<Record<string, DType>> = {
  FLOAT: 'float32',
  DOUBLE: 'float64',
  FLOAT16: 'float16',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  BOOL: 'bool',
  STRING: 'string',
}

/** Sizes keep their values through every numeric type; float32 holds them exactly. Bool does not. */
function castTo(node: Node, ctx: InferContext, dtype: DType | undefined): Inferred {
  const keeps = dtype !== undefined && dtype !== 'bool' && dtype !== 'string'
  return {dtype, shape: operand(node, 0).shape, contents: keeps ? ctx.contentsOf(node.inputs[0]) : undefined}
}
