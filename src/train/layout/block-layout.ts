import {copyInto} from '../../ir/copy-graph.js'
import {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {BLOCK_FORMS} from './block-forms.js'
import {BLOCKED_DOMAIN, BlockWriter} from './block-writer.js'
import {readConvolution, sizesOf} from './convolution.js'

/**
 * A copy of a training step whose convolutions work on blocks of channels, as ONNX Runtime's optimizer lays out models for the CPU,
 * with the weights put into blocks at run time because they change. Names of inputs and outputs stay. Only for the provider
 * `cpu`, and only where `layoutCheck` has agreed.
 *
 * @param model with its types filled in; not modified.
 * @param block channels that lie side by side: what the runtime's kernels take on this processor, see `blockSize`.
 * @returns the copy, and how many convolutions were changed in it.
 */
export function blockedCopy(model: Model, block: number): {model: Model; changed: number} {
  const graph = new Graph(model.graph.name)
  const known = new Map<Value, Value>()
  for (const input of model.graph.inputs) known.set(input, graph.addInput(input.name, input.type))
  for (const value of copyInto(model.graph, {graph, known})) graph.addOutput(value)
  const changed = blockConvolutions(graph, block)
  return {model: {...model, graph, opsets: new Map([...model.opsets, [BLOCKED_DOMAIN, 1]])}, changed}
}

function blockConvolutions(graph: Graph, block: number): number {
  const writer = new BlockWriter(graph, block)
  let changed = 0
  for (const node of graph.nodes()) {
    if (turnBlocks(graph, writer, node)) continue
    const convolution = readConvolution(node)
    const form = convolution && BLOCK_FORMS.find(({fits}) => fits(convolution, block))
    if (!form) continue
    writer.moveTo(node)
    const blocked = form.write(writer, convolution)
    graph.detach(convolution.y)
    writer.leave(blocked, activated(graph, blocked, convolution.y), convolution.result[1])
    graph.remove(node)
    changed++
  }
  removeUnread(graph)
  return changed
}

/** Puts channels last straight from the blocks, where weight gradients ask for that: four times as fast. */
function turnBlocks(graph: Graph, writer: BlockWriter, node: Node): boolean {
  const [plain] = node.inputs
  const [turned] = node.outputs
  const isToLast = node.opType === 'Transpose' && node.ints('perm', []).join() === '0,2,3,1'
  const sizes = plain && sizesOf(plain)
  if (!isToLast || !turned || !sizes || !writer.holds(plain)) return false
  writer.moveTo(node)
  graph.detach(turned)
  writer.leaveLast(plain, turned, sizes)
  graph.remove(node)
  return true
}

/** Lets the convolution compute a Relu that alone follows it. @returns the plain value that the blocked one now stands for. */
function activated(graph: Graph, blocked: Value, plain: Value): Value {
  const [use] = plain.uses
  const relu = plain.uses.size === 1 && use && 'node' in use ? use.node : undefined
  const [result] = relu?.outputs ?? []
  if (relu?.opType !== 'Relu' || relu.domain !== '' || !result) return plain
  blocked.producer?.set('activation', 'Relu')
  graph.detach(result)
  graph.remove(relu)
  return result
}

/** What only the plain forms of convolutions read. */
function removeUnread(graph: Graph): void {
  for (const node of graph.nodes().reverse()) if (isUnread(node)) graph.remove(node)
}

function isUnread(node: Node): boolean {
  return node.outputs.every((value) => !value || value.uses.size === 0)
}
