import {ShapeError} from '../../errors.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {type InferContext, type Inferred, NO_PARAMETERS, type OpSpec, refuse} from '../op-spec.js'
import {noMacs} from '../slots.js'
import {commonType} from './common-type.js'

const BRANCHES = refuse('which branch runs is decided by the data')

/** If: one of two subgraphs, by a condition. ONNX If-1, 11, 13, 16, 19, 21, 23, 24, 25. */
export const ifOperator: OpSpec = {
  type: 'If',
  sinceOpset: 1,
  infer: inferIf,
  parameters: NO_PARAMETERS,
  gradient: BRANCHES,
  quantize: BRANCHES,
  prune: BRANCHES,
  macs: noMacs,
}

/**
 * PyTorch exports `squeeze` as an If on the size: the branch that is not taken may contradict the sizes, and then never runs.
 *
 * @throws ShapeError when both branches contradict.
 */
function inferIf(node: Node, ctx: InferContext): readonly Inferred[] {
  const [then, otherwise] = [node.subgraph('then_branch'), node.subgraph('else_branch')]
  if (!then || !otherwise) return []
  const faults = [then, otherwise].map((branch) => contradiction(branch, ctx))
  const [condition] = ctx.contentsOf(node.inputs[0]) ?? []
  // in a valid run the other branch is taken: a contradiction here is an error there
  if (faults[0] && faults[1]) throw faults[0]
  if (faults[0] || condition === 0) return otherwise.outputs.map(({type}) => ({type}))
  if (faults[1] || condition === 1) return then.outputs.map(({type}) => ({type}))
  return then.outputs.map(({type}, index) => ({type: commonType(type, otherwise.outputs[index]?.type)}))
}

function contradiction(branch: Graph, ctx: InferContext): ShapeError | undefined {
  try {
    ctx.inferGraph(branch)
    return undefined
  } catch (error) {
    if (error instanceof ShapeError) return error
    throw error
  }
}
