import {mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {normalizeAxis} from '../axis.js'
import type {Inferred} from '../op-spec.js'
import {dtypeOf, operand} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {inMicrosoftDomain} from './contrib.js'

/** GatherBlockQuantized: rows of a table of 4 or 8 bits in blocks, restored; two 4-bit elements may share a uint8. */
export const gatherBlockQuantized = inMicrosoftDomain(
  integerOperator({type: 'GatherBlockQuantized', infer: inferGatherBlock, parameters: {weights: [0], biases: []}}),
)

function inferGatherBlock(node: Node): readonly Inferred[] {
  const [{dtype: stored, shape}, {shape: indices}] = [operand(node, 0), operand(node, 1)]
  const dtype = dtypeOf(node.inputs[2])
  if (!shape || !indices) return [{dtype, shape: undefined}]
  const axis = normalizeAxis(node, node.int('gather_axis', 0), shape.length)
  const perByte = stored === 'uint8' ? 8 / node.int('bits', 4) : 1
  const table = [...shape.slice(0, -1), mulDims(shape.at(-1), perByte)]
  return [{dtype, shape: [...table.slice(0, axis), ...indices, ...table.slice(axis + 1)]}]
}
