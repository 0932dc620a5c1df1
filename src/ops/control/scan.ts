import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Dim} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {type Shape, tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {knownProduct} from '../count.js'
import type {InferContext, Inferred, OpSpec} from '../op-spec.js'
import {dtypeOf, operandOf, shapeOf} from '../operand.js'
import {loop} from './loop.js'
import {settle} from './settle.js'
import {stacked} from './stacked.js'

/** Scan: a body run over the slices of its last inputs, along an axis each. ONNX Scan-9, 11, 16, 19, 21, 23, 24, 25. */
export const scan: OpSpec = {
  ...loop,
  type: 'Scan',
  sinceOpset: 9,
  infer: inferScan,
  rounds: (node) => knownLength(scannedInputs(node).map((input, index) => lengthOf(node, input, index))),
}

/** Scan-8: the same for every sample of a batch: axis 0 is the batch, axis 1 the steps, input 0 how many of them hold. */
export const scan8: OpSpec = {
  ...scan,
  sinceOpset: 8,
  infer: inferScan8,
  rounds: roundsOfBatch,
}

function scanCount(node: Node): number {
  return node.int('num_scan_inputs', 0)
}

function scannedInputs(node: Node): readonly (Value | undefined)[] {
  return node.inputs.slice(node.inputs.length - scanCount(node))
}

function knownLength(lengths: readonly Dim[]): number | undefined {
  return lengths.find((length) => typeof length === 'number')
}

function inferScan(node: Node, ctx: InferContext): readonly Inferred[] {
  const body = node.subgraph('body')
  if (!body) return []
  const carried = node.inputs.length - scanCount(node)
  const states = body.inputs.slice(0, carried)
  states.forEach((state, index) => {
    state.type = node.inputs[index]?.type ?? state.type
  })
  const scanned = scannedInputs(node)
  scanned.forEach((input, index) => {
    const {dtype, shape} = operandOf(input)
    const axis = axisOf(node, shape, index)
    const slice = body.inputs[carried + index]
    if (slice && shape)
      slice.type = tensorType(
        dtype,
        shape.filter((_, at) => at !== axis),
      )
  })
  settle(ctx, body, states, body.outputs.slice(0, carried))
  const length = scanned.map((input, index) => lengthOf(node, input, index)).find((step) => step !== undefined)
  const axes = node.ints('scan_output_axes', [])
  const lists = body.outputs.slice(carried)
  return [...states.map(({type}) => ({type})), ...lists.map((value, index) => stacked(value, axes[index] ?? 0, length))]
}

function axisOf(node: Node, shape: Shape | undefined, index: number): number {
  return axisFromStart(node.ints('scan_input_axes', [])[index] ?? 0, shape?.length ?? 0)
}

function lengthOf(node: Node, input: Value | undefined, index: number): Dim {
  const shape = shapeOf(input)
  return shape?.[axisOf(node, shape, index)]
}

function inferScan8(node: Node, ctx: InferContext): readonly Inferred[] {
  const body = node.subgraph('body')
  if (!body) return []
  const inputs = node.inputs.slice(1)
  const carried = inputs.length - scanCount(node)
  body.inputs.forEach((inner, index) => {
    const {dtype, shape} = operandOf(inputs[index])
    if (shape) inner.type = tensorType(dtype, shape.slice(index < carried ? 1 : 2))
  })
  settle(ctx, body, body.inputs.slice(0, carried), body.outputs.slice(0, carried))
  const batch = inputs.map((input) => shapeOf(input)?.[0]).find((size) => size !== undefined)
  const steps = inputs
    .slice(carried)
    .map(batchSteps)
    .find((size) => size !== undefined)
  return body.outputs.map((value, index) => batched(value, index < carried ? [batch] : [batch, steps]))
}

function roundsOfBatch(node: Node): number | undefined {
  const lengths = scannedInputs(node).map((input) => knownProduct(shapeOf(input)?.slice(0, 2)))
  return knownLength(lengths)
}

function batchSteps(input: Value | undefined): Dim {
  return shapeOf(input)?.[1]
}

function batched(value: Value, front: readonly Dim[]): Inferred {
  const shape = shapeOf(value)
  return {dtype: dtypeOf(value), shape: shape && [...front, ...shape]}
}
