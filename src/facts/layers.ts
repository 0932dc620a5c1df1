import type {Dim} from '../ir/dim.js'
import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'
import {type SpecOf, specsOf} from '../ops/specs-of.js'
import type {Layer} from '../results.js'
import {countParameters, isParameter} from './parameters.js'
import {unpackingNodes} from './unpacking-nodes.js'

/**
 * One entry per node that works on data, in execution order, subgraphs included. The steps that only unpack constants
 * (DequantizeLinear or Cast and Mul on a stored weight) belong to the layer that uses them.
 *
 * @param model with the types `inferModel` filled in; not modified.
 */
export function layersOf(model: Model, options: {zeros: boolean}): Layer[] {
  const unpacking = unpackingNodes(model.graph)
  const specOf = specsOf(model)
  return model.graph
    .allNodes()
    .filter((node) => !unpacking.has(node))
    .map((node) => layerOf(node, specOf, unpacking, options))
}

/** Multiply-accumulates per node, parallel to `layersOf`; null where a size is unknown or the operator has no record. */
export function layerMacs(model: Model): (number | null)[] {
  const unpacking = unpackingNodes(model.graph)
  const nodes = model.graph.allNodes().filter((node) => !unpacking.has(node))
  const specOf = specsOf(model)
  return nodes.map((node) => specOf(node)?.macs(node) ?? null)
}

function layerOf(node: Node, specOf: SpecOf, unpacking: ReadonlySet<Node>, options: {zeros: boolean}): Layer {
  const {count, bytes, zeros} = countParameters([...parametersBehind(node, unpacking)], options)
  const type = node.outputs[0]?.type
  const tensor = type?.kind === 'tensor' ? type : undefined
  return {
    node: node.name,
    op: node.opType,
    outputShape: tensor?.shape?.map(printable) ?? null,
    dtype: tensor?.dtype ?? null,
    parameters: count,
    bytes,
    macs: specOf(node)?.macs(node) ?? null,
    sparsity: zeros === null || count === 0 ? null : zeros / count,
  }
}

/** A size for JSON: unknown is null. */
export function printable(size: Dim): number | string | null {
  return size ?? null
}

function parametersBehind(node: Node, unpacking: ReadonlySet<Node>, found = new Set<Value>()): Set<Value> {
  for (const value of node.inputs) {
    if (!value) continue
    if (value.constant && isParameter(value)) found.add(value)
    if (value.producer && unpacking.has(value.producer)) parametersBehind(value.producer, unpacking, found)
  }
  return found
}
