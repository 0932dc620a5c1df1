import type {Node} from '../../ir/node.js'
import {knownProduct} from '../count.js'
import {dtypeOf} from '../operand.js'
import {record} from '../record.js'
import {einsumGradient} from './einsum-gradient.js'
import {einsumShape, einsumTerms} from './einsum-terms.js'

/** Einsum: sums of products as Einstein writes them, `...` for axes that are broadcast. ONNX Einsum-12. */
export const einsum = record({
  type: 'Einsum',
  sinceOpset: 12,
  infer: (node) => [{dtype: dtypeOf(node.inputs[0]), shape: einsumShape(einsumTerms(node))}],
  gradient: einsumGradient,
  macs: einsumMacs,
})

/** One product per combination of all letters; a good order of three or more factors takes fewer. */
function einsumMacs(node: Node): number | undefined {
  const {sizes, rest} = einsumTerms(node)
  return knownProduct(rest && [...sizes.values(), ...rest])
}
