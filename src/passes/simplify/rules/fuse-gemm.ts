import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {weightedNode} from '../patterns/weighted-node.js'
import type {Rule} from '../rule.js'

/** Since this version Gemm broadcasts its third input like the other operators. */
const BROADCASTS_BOTH_WAYS = 7

/**
 * MatMul by a constant matrix and Add of a constant become Gemm, where the data has two axes. With more axes MatMul stays: it is what
 * ONNX Runtime's integer kernels want.
 */
export const fuseGemm: Rule = {
  name: 'fuse-gemm',
  create: ({opsetOf}) =>
    nodeRule({
      name: 'fuse-gemm',
      types: ['Add'],
      attempt: (node) => (opsetOf(node) < BROADCASTS_BOTH_WAYS ? undefined : attempt(node)),
    }),
}

function attempt(add: Node): Outcome {
  const slot = add.inputs.findIndex((value) => value?.producer?.opType === 'MatMul' && value.producer.domain === '')
  const product = add.inputs[slot]
  const bias = add.inputs[1 - slot]
  const weighted = weightedNode(product?.producer)
  const [data, weight] = weighted?.node.inputs ?? []
  if (!product || !weighted || !data || !weight || !bias?.constant) return undefined
  const rank = shapeOf(data)?.length
  if (rank === undefined) return 'the rank of the data is not known'
  if (rank !== 2 || weight.constant?.shape.length !== 2) return undefined
  if (product.uses.size !== 1) return 'the product has other consumers'
  if (product.graph !== add.graph) return 'the product is outside its branch'
  const columns = weighted.outputPlace.channels
  if (!isVector(bias, columns)) return 'the bias does not run along the columns'
  const gemm = add.graph.insertBefore(add, {opType: 'Gemm', inputs: [data, weight, bias]})
  add.graph.moveOutput(add.outputs[0] as Value, gemm, 0)
  add.graph.remove(add)
  weighted.node.graph.remove(weighted.node)
  return DONE
}

/** `[N]`, `[1, N]`, and one number for all. */
function isVector({constant}: Value, columns: number): boolean {
  if (constant?.dtype !== 'float32' || constant.shape.length > 2) return false
  const [last = 1, before = 1] = [...constant.shape].reverse()
  return before === 1 && (last === columns || last === 1)
}
