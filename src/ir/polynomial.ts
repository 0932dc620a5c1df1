/**
 * Polynomials with integer coefficients over named sizes, the arithmetic under `dim.ts`.
 * An atom is a name or a floor division that does not come out even; equal polynomials print equal.
 */

/** A name, or `numerator // denominator`. `text` is canonical and decides equality. */
interface Atom {
  readonly text: string
  readonly division?: {readonly numerator: Polynomial; readonly denominator: Polynomial}
}

interface Term {
  readonly coefficient: number
  /** Sorted by text, repeated for powers. */
  readonly atoms: readonly Atom[]
}

export class Polynomial {
  /** By the texts of their atoms; no zero coefficients. */
  readonly #terms: ReadonlyMap<string, Term>

  constructor(terms: Iterable<Term>) {
    const sums = new Map<string, Term>()
    for (const {coefficient, atoms} of terms) {
      const key = keyOf(atoms)
      const sum = coefficient + (sums.get(key)?.coefficient ?? 0)
      if (sum === 0) sums.delete(key)
      else sums.set(key, {coefficient: sum, atoms})
    }
    this.#terms = sums
  }

  static constant(value: number): Polynomial {
    return new Polynomial([{coefficient: value, atoms: []}])
  }

  static name(name: string): Polynomial {
    return new Polynomial([{coefficient: 1, atoms: [{text: IDENTIFIER.test(name) ? name : `\`${name}\``}]}])
  }

  /** Highest degree first, then by name: also the order they are printed in. */
  terms(): Term[] {
    const entries = [...this.#terms].sort(
      ([a, left], [b, right]) => right.atoms.length - left.atoms.length || (a < b ? -1 : 1),
    )
    return entries.map(([, term]) => term)
  }

  /** The value of a polynomial without atoms. */
  get value(): number | undefined {
    if (this.#terms.size === 0) return 0
    return this.#terms.size === 1 ? this.#terms.get('')?.coefficient : undefined
  }

  plus(other: Polynomial): Polynomial {
    return new Polynomial([...this.#terms.values(), ...other.#terms.values()])
  }

  minus(other: Polynomial): Polynomial {
    return this.plus(other.times(Polynomial.constant(-1)))
  }

  times(other: Polynomial): Polynomial {
    const products = this.terms().flatMap((a) => other.terms().map((b) => multiply(a, b)))
    return new Polynomial(products)
  }

  floorDividedBy(divisor: Polynomial): Polynomial | undefined {
    const exact = divideExactly(this, divisor)
    if (exact) return exact
    const by = divisor.value
    if (by === undefined) return new Polynomial([{coefficient: 1, atoms: [divisionAtom(this, divisor)]}])
    return by > 0 ? floorByNumber(this, by) : undefined
  }

  /** Replaces names; undefined from `lookup` keeps the name. */
  substitute(lookup: (name: string) => Polynomial | undefined): Polynomial | undefined {
    let sum = new Polynomial([])
    for (const {coefficient, atoms} of this.#terms.values()) {
      let product = Polynomial.constant(coefficient)
      for (const atom of atoms) {
        const factor = substituteAtom(atom, lookup)
        if (!factor) return undefined
        product = product.times(factor)
      }
      sum = sum.plus(product)
    }
    return sum
  }

  names(): string[] {
    const atoms = this.terms().flatMap((term) => term.atoms)
    return [...new Set(atoms.flatMap(namesOf))]
  }

  /** A number, or the canonical text; undefined when a coefficient left the safe integers. */
  toDim(): number | string | undefined {
    const terms = this.terms()
    if (!terms.every((term) => Number.isSafeInteger(term.coefficient))) return undefined
    const [only] = terms
    if (terms.length === 1 && only?.coefficient === 1 && only.atoms.length === 1)
      return plainName(only.atoms[0] as Atom)
    return this.value ?? terms.map(printTerm).join('')
  }
}

const IDENTIFIER = /^[A-Za-z_][\w.]*$/

function keyOf(atoms: readonly Atom[]): string {
  return atoms.map((atom) => atom.text).join('*')
}

function multiply(a: Term, b: Term): Term {
  const atoms = [...a.atoms, ...b.atoms].sort((left, right) => (left.text < right.text ? -1 : 1))
  return {coefficient: a.coefficient * b.coefficient, atoms}
}

/** A name alone is written as the file has it, without backquotes. */
function plainName(atom: Atom): string {
  return atom.text.startsWith('`') ? atom.text.slice(1, -1) : atom.text
}

function printTerm({coefficient, atoms}: Term, index: number): string {
  const sign = index === 0 ? (coefficient < 0 ? '-' : '') : coefficient < 0 ? ' - ' : ' + '
  const size = Math.abs(coefficient)
  const factors = atoms.map((atom) => atom.text)
  return sign + (size === 1 && factors.length > 0 ? factors : [`${size}`, ...factors]).join('*')
}

function namesOf(atom: Atom): string[] {
  if (!atom.division) return [plainName(atom)]
  return [...atom.division.numerator.names(), ...atom.division.denominator.names()]
}

function substituteAtom(atom: Atom, lookup: (name: string) => Polynomial | undefined): Polynomial | undefined {
  if (!atom.division) return lookup(plainName(atom)) ?? new Polynomial([{coefficient: 1, atoms: [atom]}])
  const [numerator, denominator] = [
    atom.division.numerator.substitute(lookup),
    atom.division.denominator.substitute(lookup),
  ]
  return denominator && denominator.value !== 0 ? numerator?.floorDividedBy(denominator) : undefined
}

function divisionAtom(numerator: Polynomial, denominator: Polynomial): Atom {
  const text = `(${wrapped(numerator)}//${wrapped(denominator)})`
  return {text, division: {numerator, denominator}}
}

function wrapped(side: Polynomial): string {
  const terms = side.terms()
  const text = terms.map(printTerm).join('')
  return terms.length > 1 || terms[0]?.coefficient !== 1 || terms[0].atoms.length > 1
    ? wrapUnlessNumber(side, text)
    : text
}

function wrapUnlessNumber(side: Polynomial, text: string): string {
  return side.value === undefined || side.value < 0 ? `(${text})` : text
}

/**
 * Long division of polynomials: the quotient when no rest is left, undefined otherwise.
 * Divides leading terms, which is enough to find every exact quotient.
 */
export function divideExactly(dividend: Polynomial, divisor: Polynomial): Polynomial | undefined {
  const lead = divisor.terms()[0]
  if (!lead) return undefined
  const quotient: Term[] = []
  let rest = dividend
  for (let next = rest.terms()[0]; next; next = rest.terms()[0]) {
    const term = divideTerm(next, lead)
    if (!term || quotient.length > MAX_QUOTIENT_TERMS) return undefined
    quotient.push(term)
    rest = rest.minus(new Polynomial([term]).times(divisor))
  }
  return new Polynomial(quotient)
}

const MAX_QUOTIENT_TERMS = 64

function divideTerm(term: Term, by: Term): Term | undefined {
  if (term.coefficient % by.coefficient !== 0) return undefined
  const atoms = [...term.atoms]
  for (const {text} of by.atoms) {
    const index = atoms.findIndex((atom) => atom.text === text)
    if (index < 0) return undefined
    atoms.splice(index, 1)
  }
  return {coefficient: term.coefficient / by.coefficient, atoms}
}

/** Atoms are integers, so whole multiples of the divisor leave the floor; what stays has coefficients in [0, by). */
function floorByNumber(numerator: Polynomial, by: number): Polynomial {
  const terms = numerator.terms()
  const whole = terms.map((term) => ({...term, coefficient: Math.floor(term.coefficient / by)}))
  const rest = new Polynomial(terms.map((term) => ({...term, coefficient: modulo(term.coefficient, by)})))
  return new Polynomial(whole.filter((term) => term.coefficient !== 0)).plus(floorOfRest(rest, by))
}

function floorOfRest(rest: Polynomial, by: number): Polynomial {
  if (rest.value !== undefined) return Polynomial.constant(Math.floor(rest.value / by))
  const nested = rest.terms().filter(isNumericFloor)
  const [inner] = nested
  if (nested.length === 1 && inner) return flattenFloor(rest, inner, by)
  const factor = rest
    .terms()
    .reduce((gcd, term) => (term.atoms.length > 0 ? greatestCommonDivisor(gcd, term.coefficient) : gcd), by)
  const reduced = new Polynomial(
    rest
      .terms()
      .map((term) => ({...term, coefficient: Math.floor(term.coefficient / factor)}))
      .filter((term) => term.coefficient !== 0),
  )
  if (factor === by) return reduced
  const divisor = Polynomial.constant(by / factor)
  return new Polynomial([{coefficient: 1, atoms: [divisionAtom(reduced, divisor)]}])
}

/** ⌊(⌊p/m⌋ + q)/n⌋ = ⌊(p + m·q)/(m·n)⌋ for whole q. */
function flattenFloor(rest: Polynomial, inner: Term, by: number): Polynomial {
  const division = inner.atoms[0]?.division as {numerator: Polynomial; denominator: Polynomial}
  const others = rest.minus(new Polynomial([inner])).times(division.denominator)
  return floorByNumber(division.numerator.plus(others), by * (division.denominator.value as number))
}

function isNumericFloor({coefficient, atoms}: Term): boolean {
  return coefficient === 1 && atoms.length === 1 && atoms[0]?.division?.denominator.value !== undefined
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestCommonDivisor(b, a % b)
}
