import type {Dim} from '../ir/dim.js'
import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import {elementCount, readNumbers} from '../ir/tensor.js'
import {tensorType} from '../ir/types.js'
import type {Value} from '../ir/value.js'
import {refineType} from '../ops/merge-type.js'
import type {InferContext, OpSpec} from '../ops/op-spec.js'

/** Larger integer tensors are data, not shapes. */
const MAX_CONTENTS = 64

/**
 * Fills in the types of single nodes as they are written, with the contents of the shape arithmetic among them.
 *
 * @returns a function for nodes whose inputs have their types; nodes without a record keep what they have.
 */
export function typeNodes(specOf: (node: Node) => OpSpec | undefined): (node: Node) => void {
  const contents = new Map<Value, readonly Dim[]>()
  const context: InferContext = {
    opset: 0,
    constantOf: (value) => value?.constant,
    contentsOf: (value) => value && (contents.get(value) ?? constantContents(value)),
    inferGraph: (graph: Graph) => graph.nodes().forEach(infer),
  }
  function infer(node: Node): void {
    const inferred = specOf(node)?.infer(node, context) ?? []
    node.outputs.forEach((value, index) => {
      const result = inferred[index]
      if (!value || !result) return
      const isTensor = 'shape' in result
      refineType(node, value, isTensor ? tensorType(result.dtype, result.shape) : result.type, [])
      if (isTensor && result.contents) contents.set(value, result.contents)
    })
  }
  return infer
}

function constantContents(value: Value): readonly number[] | undefined {
  const tensor = value.constant
  if (!tensor || !['int64', 'int32'].includes(tensor.dtype)) return undefined
  return elementCount(tensor.shape) <= MAX_CONTENTS ? readNumbers(tensor) : undefined
}
