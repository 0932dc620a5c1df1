import {Polynomial} from './polynomial.js'

/** A size as a polynomial. Text that is no expression over names, as `batch-size` or `3` in a file, is one name. */
export function polynomial(dim: number | string): Polynomial {
  if (typeof dim === 'number') return Polynomial.constant(dim)
  const parsed = new Parser(dim).whole()
  return parsed && parsed.value === undefined ? parsed : Polynomial.name(dim)
}

/** `name`, number, `` `any text` ``, an operator or a parenthesis. Sums want spaces around the sign: `a-b` is a name in many files. */
const TOKEN = /[A-Za-z_][\w.]*|\d+|`[^`]+`| [+-] |\*|\/\/|[()]|^-/gy

/** Recursive descent over the text that `Polynomial.toDim` writes, which is also how PyTorch names derived sizes: `(s0//2) + 1`. */
class Parser {
  readonly #tokens: readonly string[] | undefined
  #next = 0

  constructor(text: string) {
    const tokens = text.match(TOKEN) ?? []
    this.#tokens = tokens.join('') === text ? tokens : undefined
  }

  /** Undefined when the text does not follow the grammar to its end. */
  whole(): Polynomial | undefined {
    if (!this.#tokens) return undefined
    const result = this.#sum()
    return this.#next === this.#tokens.length ? result : undefined
  }

  #sum(): Polynomial | undefined {
    const negative = this.#take('-')
    const first = this.#product()
    let sum = negative ? first?.times(Polynomial.constant(-1)) : first
    for (;;) {
      if (this.#take(' + ')) sum = both(sum, this.#product(), (a, b) => a.plus(b))
      else if (this.#take(' - ')) sum = both(sum, this.#product(), (a, b) => a.minus(b))
      else return sum
    }
  }

  #product(): Polynomial | undefined {
    let product = this.#factor()
    for (;;) {
      if (this.#take('*')) product = both(product, this.#factor(), (a, b) => a.times(b))
      else if (this.#take('//')) product = both(product, this.#factor(), (a, b) => a.floorDividedBy(b))
      else return product
    }
  }

  #factor(): Polynomial | undefined {
    if (this.#take('(')) {
      const inner = this.#sum()
      return this.#take(')') ? inner : undefined
    }
    const token = this.#tokens?.[this.#next] ?? ''
    this.#next++
    if (/^\d/.test(token)) return Polynomial.constant(Number(token))
    if (/^[A-Za-z_]/.test(token)) return Polynomial.name(token)
    return token.startsWith('`') ? Polynomial.name(token.slice(1, -1)) : undefined
  }

  #take(token: string): boolean {
    if (this.#tokens?.[this.#next] !== token) return false
    this.#next++
    return true
  }
}

function both(
  a: Polynomial | undefined,
  b: Polynomial | undefined,
  operation: (a: Polynomial, b: Polynomial) => Polynomial | undefined,
): Polynomial | undefined {
  return a && b ? operation(a, b) : undefined
}
