import {isFloat} from '../../../ir/dtype.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import type {Rule, RuleContext} from '../rule.js'

const NAME = 'residual-as-sum'
/** Sum broadcasts from this opset on, as Add does. */
const FIRST_OPSET = 8

/**
 * Writes the Add of two activations in front of a layer normalization as Sum. Where sizes are known ONNX Runtime would join Add and
 * normalization to SkipLayerNormalization, whose CPU kernel is slower than both: an encoder of 4 layers, d 256, 128 tokens ran at
 * 0.86 of its speed in float, and on integers 1.57× float with it and 2.26× without.
 */
export const splitResidual = {
  name: NAME,
  create: ({opsetOf}: Pick<RuleContext, 'opsetOf'>): Pass => ({
    name: NAME,
    run: (graph) => (opsetOf({domain: ''}) < FIRST_OPSET ? {changed: [], skipped: []} : run(graph)),
  }),
} satisfies Rule

function run(graph: Graph): PassReport {
  const changed: Change[] = []
  for (const node of graph.allNodes()) {
    if (node.opType !== 'Add' || node.domain !== '' || !node.outputs[0]) continue
    if (node.inputs.some((value) => !value || value.constant) || !isNormalized(node.outputs[0])) continue
    if (!isFloatTensor(node.outputs[0])) continue
    rewrite(node)
    changed.push({rule: NAME, node: node.name, op: node.opType, to: 'Sum'})
  }
  return {changed, skipped: []}
}

/** Sum takes floats only. */
function isFloatTensor({type}: Value): boolean {
  return type?.kind === 'tensor' && type.dtype !== undefined && isFloat(type.dtype)
}

/** Whether a LayerNormalization reads the value, as one node or as the mean and the difference it is decomposed to. */
function isNormalized({consumers}: Value): boolean {
  const types = new Set(consumers.map(({opType}) => opType))
  return types.has('LayerNormalization') || (types.has('ReduceMean') && types.has('Sub'))
}

function rewrite(node: Node): void {
  const {graph, name, inputs} = node
  const sum = graph.insertBefore(node, {opType: 'Sum', inputs: [...inputs], name: `${name}_sum`, outputs: 0})
  graph.moveOutput(node.outputs[0] as Value, sum, 0)
  graph.remove(node)
}
