import {UnsupportedOpError} from '../errors.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'
import {isRefusal, type OpSpec} from '../ops/op-spec.js'

type SpecOf = (node: Node) => OpSpec | undefined

/** Operators named in one message. */
const MOST_NAMED = 3

interface Path {
  readonly loss: Value
  readonly wrt: readonly Value[]
  /** Nodes of the graph in execution order. */
  readonly nodes: readonly Node[]
  /** Values that change when one of `wrt` does. */
  readonly active: ReadonlySet<Value>
  /** What a node reads, also inside of subgraphs. */
  readonly reads: (node: Node) => readonly Value[]
}

/**
 * What to say of an operator that a gradient cannot pass. Others like it on the ways to the loss are found at once, so that what is to be
 * frozen can be said in one flag: everything whose gradient would go through one of them.
 *
 * @param node on the way, without a gradient.
 */
export function withoutGradient(
  node: Node,
  {loss, wrt, nodes, active, reads}: Path,
  specOf: SpecOf,
): UnsupportedOpError {
  const needed = neededFor(loss, nodes, reads)
  const others = nodes.filter((other) => {
    const slot = specOf(other)?.gradient
    const isOnPath = other.outputs.some((value) => value && active.has(value) && needed.has(value))
    return isOnPath && reads(other).some((value) => active.has(value)) && (!slot || isRefusal(slot))
  })
  const refused = [node, ...others.filter((other) => other !== node)]
  const blocked = new Set<Value>()
  for (const one of refused) {
    const before = new Set(nodes.slice(0, nodes.indexOf(one) + 1))
    for (const value of ancestorsOf(one, before, reads)) if (wrt.includes(value)) blocked.add(value)
  }
  const free = wrt.filter((value) => needed.has(value) && !blocked.has(value))
  return new UnsupportedOpError(
    node,
    'gradient',
    reasonOf(refused, {active, reads}, specOf),
    hintOf(refused, blocked, free),
  )
}

/** What the loss is computed from. */
function neededFor(loss: Value, nodes: readonly Node[], reads: Path['reads']): Set<Value> {
  const needed = new Set([loss])
  for (const node of [...nodes].reverse()) {
    if (node.outputs.some((value) => value && needed.has(value))) for (const value of reads(node)) needed.add(value)
  }
  return needed
}

function ancestorsOf(node: Node, before: ReadonlySet<Node>, reads: Path['reads']): Set<Value> {
  const found = new Set<Value>(reads(node))
  for (const value of found) {
    if (value.producer && before.has(value.producer)) for (const input of reads(value.producer)) found.add(input)
  }
  return found
}

function reasonOf(refused: readonly Node[], path: Pick<Path, 'active' | 'reads'>, specOf: SpecOf): string {
  const [first, ...others] = refused as [Node, ...Node[]]
  const slot = specOf(first)?.gradient
  const reason = slot && isRefusal(slot) ? slot.refused : 'mopt does not know the operator'
  const way = wayTo(first, path)
  const types = [...new Set(others.map(({opType}) => opType))].filter((type) => type !== first.opType)
  const more = types.length > 0 ? `. The same holds for ${listed(types)}` : ''
  return `${reason}; ${way.at(-1)} needs it (${way.join(' <- ')})${more}`
}

/** From a node back to the first value that is trained: names of nodes, then of that value. */
function wayTo(node: Node, {active, reads}: Pick<Path, 'active' | 'reads'>): string[] {
  const way: string[] = []
  for (let current: Node | undefined = node; current; ) {
    way.push(current.name)
    const next: Value | undefined = reads(current).find((value) => active.has(value))
    if (!next?.producer) return [...way, next?.name ?? '']
    current = next.producer
  }
  return way
}

function hintOf(refused: readonly Node[], blocked: ReadonlySet<Value>, free: readonly Value[]): string {
  const types = listed([...new Set(refused.map(({opType}) => opType))])
  if (free.length === 0) return `All that could be trained comes before it: export the model without ${types}`
  const names = [...blocked].map(({name}) => name)
  const kept = free.map(({name}) => name)
  return `Leave what comes before as it is: --freeze '${patternFor(names, kept)}', or export the model without ${types}`
}

function listed(names: readonly string[]): string {
  const hidden = names.length - MOST_NAMED
  return hidden > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${hidden} more` : names.join(', ')
}

/** A regular expression that matches these names and none of the others: by the shortest beginnings that only they have. */
function patternFor(names: readonly string[], others: readonly string[]): string {
  const beginnings = names.map((name) => {
    const ends = [...name.matchAll(/[./:_]/g)].map(({index}) => index + 1)
    const end = ends.find((length) => !others.some((other) => other.startsWith(name.slice(0, length))))
    return end === undefined ? `${escaped(name)}$` : escaped(name.slice(0, end))
  })
  return `^(${[...new Set(beginnings)].join('|')})`
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
