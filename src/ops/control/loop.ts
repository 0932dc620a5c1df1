import type {Dim} from '../../ir/dim.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {type InferContext, type Inferred, NO_PARAMETERS, type OpSpec, refuse} from '../op-spec.js'
import {dtypeOf, shapeOf} from '../operand.js'
import {commonType} from './common-type.js'

const ROUNDS = refuse('its body runs a number of times that the data decides')

/** Loop: a body with carried values, run up to a trip count or while a condition holds; further outputs are stacked. ONNX Loop-1, 11, 13, 16, 19. */
export const loop: OpSpec = {
  type: 'Loop',
  sinceOpset: 1,
  infer: inferLoop,
  parameters: NO_PARAMETERS,
  gradient: ROUNDS,
  quantize: ROUNDS,
  prune: ROUNDS,
  macs: () => undefined,
}

/** Scan: a body run over the slices of its last inputs. ONNX Scan-9, 11, 16, 19. */
export const scan: OpSpec = {...loop, type: 'Scan', sinceOpset: 9, infer: inferScan}

function inferLoop(node: Node, ctx: InferContext): readonly Inferred[] {
  const body = node.subgraph('body')
  if (!body) return []
  const carried = node.inputs.length - 2
  const [round, condition, ...states] = body.inputs
  setType(round, 'int64', [])
  setType(condition, 'bool', [])
  states.forEach((state, index) => {
    enter(state, node.inputs[index + 2])
  })
  const results = settle(ctx, body, states, body.outputs.slice(1, 1 + carried))
  return [...results, ...body.outputs.slice(1 + carried).map((value) => stacked(value, 0, undefined))]
}

function inferScan(node: Node, ctx: InferContext): readonly Inferred[] {
  const body = node.subgraph('body')
  if (!body) return []
  const scanned = node.int('num_scan_inputs', 0)
  const carried = node.inputs.length - scanned
  const states = body.inputs.slice(0, carried)
  states.forEach((state, index) => {
    enter(state, node.inputs[index])
  })
  const steps = body.inputs.slice(carried).map((slice, index) => enterSlice(node, slice, carried + index, index))
  const results = settle(ctx, body, states, body.outputs.slice(0, carried))
  const length = steps.find((step) => step !== undefined)
  const axes = node.ints('scan_output_axes', [])
  return [...results, ...body.outputs.slice(carried).map((value, index) => stacked(value, axes[index] ?? 0, length))]
}

/** A carried value keeps what holds before and after a round: infer, widen, infer again with the wider types. */
function settle(ctx: InferContext, body: Graph, states: readonly Value[], results: readonly Value[]): Inferred[] {
  ctx.inferGraph(body)
  const widened = states.map((state, index) => commonType(state.type, results[index]?.type))
  states.forEach((state, index) => {
    const wide = widened[index]
    if (wide && 'type' in wide) state.type = wide.type
  })
  ctx.inferGraph(body)
  return widened
}

function enter(state: Value, outer: Value | undefined): void {
  state.type = outer?.type ?? state.type
}

/** Gives a body input the type of one slice; returns how many slices there are. */
function enterSlice(node: Node, slice: Value, input: number, index: number): Dim {
  const shape = shapeOf(node.inputs[input])
  if (!shape) return undefined
  const axis = node.ints('scan_input_axes', [])[index] ?? 0
  const place = axis < 0 ? axis + shape.length : axis
  slice.type = tensorType(
    dtypeOf(node.inputs[input]),
    shape.filter((_, at) => at !== place),
  )
  return shape[place]
}

function stacked(value: Value, axis: number, length: Dim): Inferred {
  const [dtype, shape] = [dtypeOf(value), shapeOf(value)]
  if (!shape) return {dtype, shape: undefined}
  const place = axis < 0 ? axis + shape.length + 1 : axis
  return {dtype, shape: [...shape.slice(0, place), length, ...shape.slice(place)]}
}

function setType(value: Value | undefined, dtype: 'int64' | 'bool', shape: readonly number[]): void {
  if (value) value.type = tensorType(dtype, shape)
}
