import {DTYPE_BY_CODE, type DType} from '../ir/dtype.js'
import type {Node} from '../ir/node.js'

/** The element type an attribute names by its TensorProto.DataType number; `fallback` where it is absent. */
export function statedDtype<T extends DType | undefined>(node: Node, attribute: string, fallback: T): DType | T {
  return DTYPE_BY_CODE[node.int(attribute, 0)] ?? fallback
}
