import type {Dim} from '../../ir/dim.js'
import {type DType, isFloat} from '../../ir/dtype.js'
import type {Node} from '../../ir/node.js'
import {type GradientRule, type InferContext, type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {dtypeOf, operand} from '../operand.js'
import {NO_GRADIENT, NOT_FLOAT, noMacs, OLD_FORM} from '../slots.js'
import {statedDtype} from '../stated-dtype.js'
import {tieFirst} from '../ties.js'

/** Between floats the gradient takes the way back; rounding to integers stops it. */
const castBack: GradientRule = (build, node, [d]) => {
  const [from, to] = [node.inputs[0], dtypeOf(node.outputs[0])]
  return d && from && to && isFloat(to) ? [build.castLike(d, from)] : []
}

/** Cast: the elements in another type; `to` was the type's name before opset 6. ONNX Cast-1, 6. */
export const cast: OpSpec = {
  type: 'Cast',
  sinceOpset: 6,
  infer: (node, ctx) => [castTo(node, ctx, statedDtype(node, 'to', undefined))],
  parameters: NO_PARAMETERS,
  gradient: castBack,
  quantize: NOT_FLOAT,
  prune: tieFirst,
  macs: noMacs,
}

export const cast1: OpSpec = {
  ...cast,
  sinceOpset: 1,
  infer: (node, ctx) => [castTo(node, ctx, DTYPE_BY_NAME[node.string('to', '')])],
  gradient: OLD_FORM,
}

/** CastLike: the elements of input 0 in the type of input 1. ONNX CastLike-15. */
export const castLike: OpSpec = {
  ...cast,
  type: 'CastLike',
  sinceOpset: 15,
  infer: (node, ctx) => [castTo(node, ctx, dtypeOf(node.inputs[1]))],
}

/** BitCast: the same bits read as another type of the same width. ONNX BitCast-26. */
export const bitCast: OpSpec = {
  ...cast,
  type: 'BitCast',
  sinceOpset: 26,
  infer: (node) => [{dtype: statedDtype(node, 'to', undefined), shape: operand(node, 0).shape}],
  gradient: NO_GRADIENT,
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

/**
 * Sizes keep their values where the type is wide enough: float16 is exact to 2048 only and 8 bits to 127, so neither is followed.
 * As a bool only a number tells what it is.
 */
function castTo(node: Node, ctx: InferContext, dtype: DType | undefined): Inferred {
  const contents = ctx.contentsOf(node.inputs[0])
  const {shape} = operand(node, 0)
  if (dtype === 'bool') return {dtype, shape, contents: contents?.map(truth)}
  return {dtype, shape, contents: dtype && WIDE.has(dtype) ? contents : undefined}
}

const WIDE: ReadonlySet<DType> = new Set(['int64', 'int32', 'uint64', 'uint32', 'float32', 'float64'])

function truth(size: Dim): Dim {
  return typeof size === 'number' ? Number(size !== 0) : undefined
}
