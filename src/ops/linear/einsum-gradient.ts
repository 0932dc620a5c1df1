import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {GradientBuilder} from '../gradient-builder.js'
import type {GradientRule} from '../op-spec.js'
import {einsumTerms} from './einsum-terms.js'

const ELLIPSIS = '...'

/** Each operand trades places with the output: the gradient of ij,jk->ik for its first operand is ik,jk->ij. */
export const einsumGradient: GradientRule = (build, node, [d]) => {
  if (!d) return []
  const [left = ''] = node.string('equation', '').replaceAll(' ', '').split('->')
  const terms = left.split(',')
  return node.inputs.map((input, index) => {
    if (!input || !build.needs(input)) return undefined
    const others = terms.filter((_, at) => at !== index)
    const operands = [d, ...node.inputs.filter((_, at) => at !== index)]
    return trade(build, node, {x: input, term: terms[index] ?? '', others, operands})
  })
}

interface Trade {
  readonly x: Value
  readonly term: string
  readonly others: readonly string[]
  readonly operands: readonly (Value | undefined)[]
}

function trade(build: GradientBuilder, node: Node, {x, term, others, operands}: Trade): Value {
  const from = [einsumTerms(node).output, ...others]
  const letters = partsOf(term)
  const missing = letters.filter((letter) => !from.some((other) => partsOf(other).includes(letter)))
  if (new Set(letters).size < letters.length) build.refuse(node, `'${term}' takes a diagonal`)
  if (letters.includes(ELLIPSIS) ? missing.length > 0 : from.some((other) => other.includes(ELLIPSIS)))
    build.refuse(node, `'${term}' and '${from.join(',')}' differ in their ellipsis`)
  const kept = letters.filter((letter) => !missing.includes(letter))
  const product = build.op('Einsum', operands, {equation: `${from.join(',')}->${kept.join('')}`})
  if (missing.length === 0) return build.sumTo(product, x)
  // letters that only this operand has were summed away: every element along them gets the same
  const axes = missing.map((letter) => letters.indexOf(letter))
  return build.expandAs(build.unsqueeze(product, axes), x)
}

/** Letters in order, an ellipsis as one. */
function partsOf(term: string): string[] {
  return term.match(/\.\.\.|[a-zA-Z]/g) ?? []
}
