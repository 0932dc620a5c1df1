import type {Dim} from '../../ir/dim.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {readNumbers} from '../../ir/tensor.js'
import {type TensorType, tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {type InferContext, type Inferred, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {shapeOf} from '../operand.js'
import {noMacs, ROUNDS} from '../slots.js'
import {settle} from './settle.js'
import {stacked} from './stacked.js'

/** Loop: a body with carried values, run up to a trip count or while a condition holds; further outputs are stacked. ONNX Loop-1, 11, 13, 16, 19, 21, 23, 24, 25. */
export const loop: OpSpec = {
  type: 'Loop',
  sinceOpset: 1,
  infer: inferLoop,
  parameters: NO_PARAMETERS,
  gradient: ROUNDS,
  quantize: ROUNDS,
  prune: ROUNDS,
  macs: noMacs,
  rounds: roundsOfLoop,
}

const ROUND: TensorType = tensorType('int64', [])
const CONDITION: TensorType = tensorType('bool', [])

function inferLoop(node: Node, ctx: InferContext): readonly Inferred[] {
  const body = node.subgraph('body')
  if (!body) return []
  const carried = node.inputs.length - 2
  const [round, condition, ...states] = body.inputs
  if (round) round.type = ROUND
  if (condition) condition.type = CONDITION
  states.forEach((state, index) => {
    state.type = node.inputs[index + 2]?.type ?? state.type
  })
  settle(ctx, body, states, body.outputs.slice(1, 1 + carried))
  const trips = tripCount(node, body, ctx.contentsOf(node.inputs[0])?.[0])
  const lists = body.outputs.slice(1 + carried)
  return [...states.map(({type}) => ({type})), ...lists.map((value) => stacked(value, 0, trips))]
}

/** The first input, while no condition can end the loop sooner. */
function tripCount(node: Node, body: Graph, limit: Dim): Dim {
  if (!isAlwaysTrue(node.inputs[1] ?? ALWAYS) || !keepsGoing(body)) return undefined
  return typeof limit === 'number' ? Math.max(0, limit) : limit
}

const ALWAYS = 'absent means true'

function isAlwaysTrue(condition: Value | typeof ALWAYS): boolean {
  if (condition === ALWAYS) return true
  return condition.constant?.dtype === 'bool' && readNumbers(condition.constant).every((value) => value !== 0)
}

/** The body hands on the condition it got, or a constant true. */
function keepsGoing(body: Graph): boolean {
  let [result] = body.outputs
  while (result?.producer?.opType === 'Identity') [result] = result.producer.inputs
  return result !== undefined && (result === body.inputs[1] || isAlwaysTrue(result))
}

/** From a constant trip count, or from the length of a stacked output where inference found it. */
function roundsOfLoop(node: Node): number | undefined {
  const body = node.subgraph('body')
  if (!body) return undefined
  const constant = node.inputs[0]?.constant
  const trips = constant && tripCount(node, body, readNumbers(constant)[0])
  const length = trips ?? shapeOf(node.outputs[node.inputs.length - 2])?.[0]
  return typeof length === 'number' ? length : undefined
}
