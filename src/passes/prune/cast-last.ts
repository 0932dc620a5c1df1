import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Pass, PassReport} from '../pass.js'
import {storedWeight} from './stored-values.js'

/** They move elements, whatever their type; ONNX Runtime has float16 kernels for them all. */
const MOVES: ReadonlySet<string> = new Set(['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity'])
/** TensorProto.FLOAT */
const FLOAT = 1

/**
 * A weight stored as float16, widened and then moved is moved first: the move can be computed in advance, and the file does not grow as
 * it would by a widened constant.
 */
export const castLast: Pass = {name: 'cast-last', run}

function run(graph: Graph): PassReport {
  const changed = graph
    .allNodes()
    .filter(swap)
    .map((node) => ({rule: 'cast-last', node: node.name, op: node.opType}))
  return {changed, skipped: []}
}

/** Whether the node was a move of a weight that nothing else reads, and is one of float16 now. */
function swap(node: Node): boolean {
  const [wide, ...others] = node.inputs
  const [moved] = node.outputs
  if (!MOVES.has(node.opType) || node.domain !== '' || !wide || wide.constant || !moved || moved.isOutput) return false
  const half = storedWeight(wide)
  const cast = wide.producer
  if (!half || !cast || wide.uses.size > 1 || half.uses.size > 1) return false
  if (!others.every((value) => value === undefined || value.constant)) return false
  const {graph} = node
  graph.setInput(node, 0, half)
  const narrow = graph.detach(moved)
  // inferred anew
  narrow.type = undefined
  const last = graph.insertAfter(node, {opType: 'Cast', inputs: [narrow], attributes: {to: FLOAT}, outputs: 0})
  graph.moveOutput(moved, last, 0)
  cast.graph.remove(cast)
  return true
}
