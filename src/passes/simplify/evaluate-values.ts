import {copyNode} from '../../ir/copy-graph.js'
import {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import {emptyModel} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import type {Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {Evaluate} from './rule.js'

type Result = Tensor | {readonly refused: string}

/**
 * Computes values that depend on constants alone: all in one run, or, when the runtime refuses that, each in a run of its own, so that
 * one missing kernel does not spoil the others.
 */
export async function evaluateValues(
  values: readonly Value[],
  versions: Pick<Model, 'opsets' | 'irVersion'>,
  evaluate: Evaluate,
): Promise<Result[]> {
  const all = await evaluate(modelOf(values, versions))
  if ('tensors' in all) return [...all.tensors]
  if (values.length === 1) return [all]
  const results: Result[] = []
  for (const value of values) results.push(...(await evaluateValues([value], versions, evaluate)))
  return results
}

/** A model without inputs whose outputs are the values. The tensors of the original are shared. */
function modelOf(values: readonly Value[], {opsets, irVersion}: Pick<Model, 'opsets' | 'irVersion'>): Model {
  const graph = new Graph('constants')
  const known = new Map<Value, Value>()
  for (const node of coneOf(values)) {
    for (const input of node.inputs) {
      if (input?.constant && !known.has(input)) known.set(input, graph.constant(input.constant, input.name))
    }
    copyNode(node, {graph, known})
  }
  for (const value of values) graph.addOutput(known.get(value) as Value)
  return {...emptyModel(graph), opsets: new Map(opsets), irVersion: Math.max(irVersion, EARLIEST_IR)}
}

/** Since this version constants need not be inputs as well. */
const EARLIEST_IR = 4

/** The nodes the values depend on, each after those it reads. */
function coneOf(values: readonly Value[]): Node[] {
  const done = new Set<Node>()
  const order: Node[] = []
  const open = values.flatMap(({producer}) => (producer ? [{node: producer, entered: false}] : [])).reverse()
  for (let top = open.pop(); top; top = open.pop()) {
    if (top.entered) order.push(top.node)
    if (top.entered || done.has(top.node)) continue
    done.add(top.node)
    open.push({node: top.node, entered: true})
    for (const value of top.node.inputs) if (value?.producer) open.push({node: value.producer, entered: false})
  }
  return order
}
