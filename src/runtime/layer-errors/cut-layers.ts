import {BugError} from '../../errors.js'
import {copyNode} from '../../ir/copy-graph.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'

/** Makes tensors, by name, outputs of a graph. */
export function expose(graph: Graph, names: readonly string[]): void {
  for (const name of names) {
    const value = valueNamed(graph, name)
    if (!value.isOutput) graph.addOutput(value)
  }
}

/**
 * Cuts a graph behind tensors: each becomes an output, and what reads it reads a new input instead.
 *
 * @returns the name of the input that stands for each.
 */
export function cut(graph: Graph, names: readonly string[]): string[] {
  return names.map((name) => {
    const value = valueNamed(graph, name)
    const input = graph.addInput(`${value.name}_float`, {kind: 'tensor', dtype: 'float32', shape: undefined})
    for (const use of [...value.uses]) if ('node' in use) use.node.graph.setInput(use.node, use.index, input)
    if (!value.isOutput) graph.addOutput(value)
    return input.name
  })
}

/**
 * What a tensor that was cut would be behind its own QuantizeLinear and DequantizeLinear: what reads the input in its place is written
 * once more for it.
 *
 * @returns the name of a new output; undefined where it is not quantized.
 */
export function roundedTwin(graph: Graph, name: string, input: string): string | undefined {
  const value = valueNamed(graph, name)
  const quantize = consumerOf(
    graph.inputs.find((one) => one.name === input),
    'QuantizeLinear',
  )
  const restore = consumerOf(quantize?.outputs[0], 'DequantizeLinear')
  if (!quantize || !restore) return undefined
  const known = new Map([[quantize.inputs[0] as Value, value]])
  copyNode(quantize, {graph, known})
  const {outputs} = copyNode(restore, {graph, known})
  graph.addOutput(outputs[0] as Value)
  return outputs[0]?.name
}

function consumerOf(value: Value | undefined, opType: string): Node | undefined {
  return value?.consumers.find((node) => node.opType === opType)
}

function valueNamed(graph: Graph, name: string): Value {
  for (const node of graph.nodes()) {
    const value = node.outputs.find((output) => output?.name === name)
    if (value) return value
  }
  throw new BugError(`errors of '${name}': the graph has no such tensor`)
}
