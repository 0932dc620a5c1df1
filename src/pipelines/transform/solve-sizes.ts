import {evaluateDim, namesIn} from '../../ir/dim.js'
import type {SizeRelation, SizeRelations} from './size-relations.js'

/** Sizes by name. */
export type Assignment = Readonly<Record<string, number>>

/** Trials of one search: a graph of many free sizes must not hold up the work. */
const MAX_TRIALS = 20_000
/** Sizes beyond the wishes that are tried for a name that a relation leaves little choice. */
const MAX_SIZE = 1024
const MAX_NEAR = 16

interface Rule {
  readonly names: readonly string[]
  holds(sizes: Assignment): boolean
}

/**
 * Sizes for all names that satisfy what a graph asks of them, each as near to the front of its wishes as the others allow.
 *
 * @param wishes several times: name → sizes, the best first.
 * @returns one assignment for each set of wishes that can be met, equal ones once.
 */
export function solveSizes(
  {relations, positive}: Pick<SizeRelations, 'relations' | 'positive'>,
  wishes: readonly ReadonlyMap<string, readonly number[]>[],
): Assignment[] {
  const rules = [...relations.map(relationRule), ...positive.map(positiveRule)]
  const isAllowed = allowedAlone(rules)
  const found = new Map<string, Assignment>()
  for (const wished of wishes) {
    const domains = [...wished].map(
      ([name, sizes]) => [name, domainOf(sizes, (size) => isAllowed(name, size))] as const,
    )
    const solved = search(domains, rules)
    if (solved) found.set(JSON.stringify(solved), solved)
  }
  return [...found.values()]
}

type Domains = readonly (readonly [name: string, sizes: readonly number[]])[]

/** Depth first, a rule being asked as soon as all its names have sizes. */
function search(domains: Domains, rules: readonly Rule[]): Assignment | undefined {
  const bound = new Set<string>()
  const due = domains.map(([name]) => {
    bound.add(name)
    const known = new Set(bound)
    return rules.filter(
      ({names}) => names.length > 1 && names.includes(name) && names.every((other) => known.has(other)),
    )
  })
  let trials = 0
  const from = (index: number, sizes: Assignment): Assignment | undefined => {
    const [name, domain] = domains[index] ?? []
    if (name === undefined || !domain) return sizes
    for (const size of domain) {
      if (++trials > MAX_TRIALS) return undefined
      const next = {...sizes, [name]: size}
      const solved = due[index]?.every((rule) => rule.holds(next)) ? from(index + 1, next) : undefined
      if (solved) return solved
    }
    return undefined
  }
  return from(0, {})
}

/** Whether the rules about one name alone hold for a size; asked once for each. */
function allowedAlone(rules: readonly Rule[]): (name: string, size: number) => boolean {
  const known = new Map<string, boolean>()
  const alone = rules.filter(({names}) => names.length === 1)
  return (name, size) => {
    const key = `${size} ${name}`
    const own = () => alone.every((rule) => rule.names[0] !== name || rule.holds({[name]: size}))
    const answer = known.get(key) ?? own()
    known.set(key, answer)
    return answer
  }
}

/** The wishes that are allowed; where the first is not, also what is allowed near it. */
function domainOf(wished: readonly number[], isAllowed: (size: number) => boolean): readonly number[] {
  const allowed = wished.filter(isAllowed)
  const [first = 1] = wished
  if (allowed.length > 2 || allowed[0] === first) return allowed
  const others = Array.from({length: MAX_SIZE}, (_, index) => index + 1).filter(isAllowed)
  const near = others.sort((a, b) => Math.abs(a - first) - Math.abs(b - first))
  return [...new Set([...allowed, ...near.slice(0, MAX_NEAR)])]
}

function relationRule({kind, left, right}: SizeRelation): Rule {
  const holds = (sizes: Assignment) => {
    const [a, b] = [evaluateDim(left, sizes), evaluateDim(right, sizes)]
    if (typeof a !== 'number' || typeof b !== 'number') return true
    if (kind === 'divides') return b > 0 && a % b === 0
    return a === b || (kind === 'broadcast' && (a === 1 || b === 1))
  }
  return {names: [...new Set([...namesIn(left), ...namesIn(right)])], holds}
}

function positiveRule(size: string): Rule {
  const holds = (sizes: Assignment) => {
    const value = evaluateDim(size, sizes)
    return typeof value !== 'number' || value >= 1
  }
  return {names: namesIn(size), holds}
}
