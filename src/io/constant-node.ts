import {float32, int64, scalar, type Tensor, tensorOf} from '../ir/tensor.js'
import type {AttributeProto, NodeProto} from '../proto/messages.js'
import {readTensor} from './read-tensor.js'

/**
 * The contents of a Constant node in any of its dense forms.
 * @returns undefined for what stays a node: sparse values, a function's references, other operators.
 * @see ONNX operator Constant, versions 1, 12 and 25.
 */
export function constantTensor(node: NodeProto, path: string): Tensor | undefined {
  const [attribute, second] = node.attribute ?? []
  if (node.opType !== 'Constant' || (node.domain ?? '') !== '' || !attribute || second) return undefined
  if (node.output?.length !== 1 || !node.output[0] || attribute.refAttrName) return undefined
  return tensorOfAttribute(attribute, path)
}

function tensorOfAttribute(attribute: AttributeProto, path: string): Tensor | undefined {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
  switch (attribute.name) {
    case 'value':
      return attribute.t && readTensor(attribute.t, path)
    case 'value_float':
      return scalar('float32', attribute.f ?? 0)
    case 'value_floats':
      return float32(attribute.floats ?? [])
    case 'value_int':
      return int64([attribute.i ?? 0n], [])
    case 'value_ints':
      return int64(attribute.ints ?? [])
    case 'value_string':
      return tensorOf('string', [], [text(attribute.s ?? new Uint8Array(0))])
    case 'value_strings':
      return tensorOf('string', [attribute.strings?.length ?? 0], (attribute.strings ?? []).map(text))
    default:
      return undefined
  }
}
