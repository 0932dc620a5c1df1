import type {GraphBuilder} from '../../ir/build.js'
import type {Value} from '../../ir/value.js'
import type {Arithmetic} from '../loop/update-rule.js'

/** A value of a graph, or a number that is known while the graph is written. */
export type Term = Value | number

/**
 * Arithmetic that writes nodes, float32. What is known is computed at once, and nothing is written for a factor of 1 or 0 or an
 * addition of 0: every node of a small graph costs about as long as its arithmetic.
 */
export function graphArithmetic(build: GraphBuilder): Arithmetic<Term> {
  const value = (term: Term): Value => (typeof term === 'number' ? build.scalar(term) : term)
  const write = (opType: string, ...terms: readonly Term[]): Value => build.op(opType, terms.map(value))
  return {
    add(a, b) {
      if (typeof a === 'number' && typeof b === 'number') return a + b
      if (isNumber(a, 0)) return b
      return isNumber(b, 0) ? a : write('Add', a, b)
    },
    subtract(a, b) {
      if (typeof a === 'number' && typeof b === 'number') return a - b
      return isNumber(b, 0) ? a : write('Sub', a, b)
    },
    multiply(a, b) {
      if (typeof a === 'number' && typeof b === 'number') return a * b
      if (isNumber(a, 0) || isNumber(b, 0)) return 0
      if (isNumber(a, 1)) return b
      return isNumber(b, 1) ? a : write('Mul', a, b)
    },
    divide(a, b) {
      if (typeof a === 'number' && typeof b === 'number') return a / b
      return isNumber(b, 1) ? a : write('Div', a, b)
    },
    squareRoot: (a) => (typeof a === 'number' ? Math.sqrt(a) : write('Sqrt', a)),
  }
}

function isNumber(term: Term, number: number): boolean {
  return term === number
}
