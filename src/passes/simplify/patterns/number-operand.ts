import type {Node} from '../../../ir/node.js'
import {elementCount, readFloat32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'

/** The number a float32 constant of one element holds; undefined for everything else. */
export function numberOf(value: Value | undefined): number | undefined {
  const tensor = value?.constant
  return tensor?.dtype === 'float32' && elementCount(tensor.shape) === 1 ? readFloat32(tensor)[0] : undefined
}

/** A two-input node seen as data and one number. `slot` is where the data stands. */
export interface NumberOperation {
  readonly data: Value
  readonly number: number
  readonly slot: number
}

/** The data and the number of a node such as `x + 3`; undefined when no operand is a single number. */
export function numberOperation(node: Node | undefined): NumberOperation | undefined {
  if (node?.domain !== '' || node.inputs.length !== 2) return undefined
  for (const slot of [0, 1]) {
    const number = numberOf(node.inputs[1 - slot])
    const data = node.inputs[slot]
    if (number !== undefined && data && !data.constant && keepsRank(data, node.inputs[1 - slot]))
      return {data, number, slot}
  }
  return undefined
}

/** A constant `[1]` gives an axis to data without one. */
function keepsRank(data: Value, operand: Value | undefined): boolean {
  const rank = operand?.constant?.shape.length ?? 0
  if (rank === 0) return true
  return data.type?.kind === 'tensor' && data.type.shape !== undefined && rank <= data.type.shape.length
}

/** Whether two numbers are the same but for float32 rounding. */
export function isClose(a: number | undefined, b: number): boolean {
  return a !== undefined && Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b))
}
