import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {derivedTensor, float32, readFloat32, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'

/**
 * Brings Gemm into the form that integer kernels know: alpha multiplied into the weight, beta into the bias, and the bias as one
 * value per column. Exact but for rounding. What is not constant stays.
 */
export const plainGemm: Pass = {name: 'plain-gemm', run}

function run(graph: Graph): PassReport {
  const changed: Change[] = []
  for (const node of graph.allNodes()) {
    if (node.opType !== 'Gemm' || node.domain !== '') continue
    const done = [foldAlpha(node), foldBias(node)].some((step) => step)
    if (done) changed.push({rule: 'plain-gemm', node: node.name, op: node.opType})
  }
  return {changed, skipped: []}
}

function foldAlpha(node: Node): boolean {
  const alpha = node.float('alpha', 1)
  const weight = node.inputs[1]?.constant
  if (alpha === 1 || weight?.dtype !== 'float32') return false
  const scaled = derivedTensor('float32', weight.shape, () => readFloat32(weight).map((value) => value * alpha))
  replace(node, 1, scaled)
  node.attributes.delete('alpha')
  return true
}

function foldBias(node: Node): boolean {
  const bias = node.inputs[2]?.constant
  const columns = node.inputs[1]?.constant?.shape[node.int('transB', 0) === 0 ? 1 : 0]
  const beta = node.float('beta', 1)
  if (bias?.dtype !== 'float32' || columns === undefined || !isRow(bias, columns)) return false
  if (beta === 1 && bias.shape.length === 1 && bias.shape[0] === columns) return false
  const values = readFloat32(bias)
  const row = Float32Array.from({length: columns}, (_, c) => beta * (values[values.length === 1 ? 0 : c] as number))
  replace(node, 2, float32(row))
  node.attributes.delete('beta')
  return true
}

/** Whether every row of the product gets the same bias. */
function isRow({shape}: Tensor, columns: number): boolean {
  const last = shape.at(-1) ?? 1
  return shape.slice(0, -1).every((size) => size === 1) && (last === 1 || last === columns)
}

function replace(node: Node, slot: number, tensor: Tensor): void {
  const {graph} = node
  const old = node.inputs[slot] as Value
  graph.setInput(node, slot, graph.constant(tensor, old.name))
  if (old.uses.size === 0) old.graph.removeConstant(old)
}
