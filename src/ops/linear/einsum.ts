import type {Node} from '../../ir/node.js'
import {knownProduct} from '../count.js'
import type {AxisTie} from '../op-spec.js'
import {dtypeOf} from '../operand.js'
import {record} from '../record.js'
import {tieAxes} from '../ties.js'
import {einsumGradient} from './einsum-gradient.js'
import {einsumShape, einsumTerms, lettersOf} from './einsum-terms.js'

/** Einsum: sums of products as Einstein writes them, `...` for axes that are broadcast. ONNX Einsum-12. */
export const einsum = record({
  type: 'Einsum',
  sinceOpset: 12,
  infer: (node) => [{dtype: dtypeOf(node.inputs[0]), shape: einsumShape(einsumTerms(node))}],
  gradient: einsumGradient,
  prune: tieLetters,
  macs: einsumMacs,
})

/** One product per combination of all letters; a good order of three or more factors takes fewer. */
function einsumMacs(node: Node): number | undefined {
  const {sizes, rest} = einsumTerms(node)
  return knownProduct(rest && [...sizes.values(), ...rest])
}

/** A letter is one axis wherever it stands, unless it is stretched; axes behind an ellipsis are not followed. */
function tieLetters(node: Node): AxisTie[] {
  const terms = lettersOf(node)
  const letters = new Set(terms.flatMap(({letters}) => [...letters.keys()]))
  return [...letters].flatMap((letter) =>
    tieAxes(
      terms.flatMap(({value, letters}) =>
        [[value, letters.get(letter) ?? -1] as const].filter(([, axis]) => axis >= 0),
      ),
    ),
  )
}
