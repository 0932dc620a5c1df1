import {polynomial} from './parse-dim.js'
import {divideExactly, type Polynomial} from './polynomial.js'

/**
 * A size of a shape: known, an expression over named sizes, or unknown.
 * Expressions are canonical strings (integer polynomials, `(a//b)` for floor division), so equal expressions compare equal.
 * The names are those of the file; a name that is no identifier is written in backquotes inside a larger expression.
 */
export type Dim = number | string | undefined

export function addDims(...dims: readonly Dim[]): Dim {
  return combine(dims, (a, b) => a.plus(b))
}

export function subDims(a: Dim, b: Dim): Dim {
  return combine([a, b], (left, right) => left.minus(right))
}

/** A zero makes the product zero whatever the others are. */
export function mulDims(...dims: readonly Dim[]): Dim {
  if (dims.includes(0)) return 0
  return combine(dims, (a, b) => a.times(b))
}

/** a ÷ b rounded down, as ONNX pools and reshapes do; unknown for a divisor that is 0 or, when it is a number, negative. */
export function floorDivDims(a: Dim, b: Dim): Dim {
  if (a === undefined || b === undefined) return undefined
  if (typeof b === 'number' && b <= 0) return undefined
  if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b)
  return polynomial(a).floorDividedBy(polynomial(b))?.toDim()
}

/** a ÷ b rounded up: pools with ceil_mode. */
export function ceilDivDims(a: Dim, b: Dim): Dim {
  return floorDivDims(addDims(a, subDims(b, 1)), b)
}

/** a ÷ b when it provably leaves no rest; undefined otherwise. */
export function exactDivDims(a: Dim, b: Dim): Dim {
  if (a === undefined || b === undefined || b === 0) return undefined
  return divideExactly(polynomial(a), polynomial(b))?.toDim()
}

/** The smaller one where that can be told: equal, both known, or a constant apart. */
export function minDim(a: Dim, b: Dim): Dim {
  const gap = subDims(a, b)
  if (typeof gap !== 'number') return undefined
  return gap <= 0 ? a : b
}

export function maxDim(a: Dim, b: Dim): Dim {
  const gap = subDims(a, b)
  if (typeof gap !== 'number') return undefined
  return gap >= 0 ? a : b
}

/** Provably equal. Two unknown sizes are not. */
export function sameDim(a: Dim, b: Dim): boolean {
  return a !== undefined && b !== undefined && subDims(a, b) === 0
}

/** Provably different: 3 and 4, `N` and `N + 1`; never `N` and 4. */
export function conflict(a: Dim, b: Dim): boolean {
  const gap = subDims(a, b)
  return typeof gap === 'number' && gap !== 0
}

/**
 * The size with names replaced: a number once every name in it is bound.
 *
 * @param bindings sizes by name; names not in it stay.
 */
export function evaluateDim(dim: Dim, bindings: Readonly<Record<string, Dim>>): Dim {
  if (typeof dim !== 'string') return dim
  if (Object.hasOwn(bindings, dim)) return bindings[dim]
  return polynomial(dim)
    .substitute((name) => (Object.hasOwn(bindings, name) ? polynomialOf(bindings[name]) : undefined))
    ?.toDim()
}

/** The names a size depends on, each once. */
export function namesIn(dim: Dim): string[] {
  return typeof dim === 'string' ? polynomial(dim).names() : []
}

/** The one way to write this size; text from a file that is no expression is a name. */
export function canonicalDim(dim: Dim): Dim {
  return typeof dim === 'string' ? polynomial(dim).toDim() : dim
}

function polynomialOf(dim: Dim): Polynomial | undefined {
  return dim === undefined ? undefined : polynomial(dim)
}

function combine(dims: readonly Dim[], operation: (a: Polynomial, b: Polynomial) => Polynomial): Dim {
  const [first, ...rest] = dims
  if (first === undefined || rest.includes(undefined)) return undefined
  if (rest.length === 0) return first
  return rest
    .reduce<Polynomial>((sum, dim) => operation(sum, polynomial(dim as number | string)), polynomial(first))
    .toDim()
}
