import type {Node} from '../../ir/node.js'
import {type InferContext, type Inferred, NO_PARAMETERS, type OpSpec, refuse} from '../op-spec.js'
import {noMacs} from '../slots.js'
import {commonType} from './common-type.js'

const BRANCHES = refuse('which branch runs is decided by the data')

/** If: one of two subgraphs, by a condition. ONNX If-1, 11, 13, 16, 19. */
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

function inferIf(node: Node, ctx: InferContext): readonly Inferred[] {
  const [then, otherwise] = [node.subgraph('then_branch'), node.subgraph('else_branch')]
  if (!then || !otherwise) return []
  ctx.inferGraph(then)
  ctx.inferGraph(otherwise)
  return then.outputs.map((value, index) => commonType(value.type, otherwise.outputs[index]?.type))
}
