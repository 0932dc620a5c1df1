import type {Node} from '../../ir/node.js'
import {sizeBytes, type Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {sizeOfType} from './patterns/size-of-type.js'

/** Field tags and lengths around a tensor or a node in the file. */
const OVERHEAD_BYTES = 12

/**
 * By how many bytes a file grows when each of some computed values becomes a constant. Values that are computed from the same
 * constants, as the parts of a Split are, become constants together where that is cheaper: then the first answers for all.
 *
 * @param results their contents; undefined before they are computed: then a value's type tells its size, if it can.
 * @param foldable the nodes that constants alone feed.
 * @param allowedBytes what may be charged to one value.
 * @returns per value; negative when the file shrinks, undefined when the size cannot be told.
 */
export function foldedGrowths(
  values: readonly Value[],
  results: readonly (Tensor | undefined)[],
  foldable: ReadonlySet<Node>,
  allowedBytes: number,
): (number | undefined)[] {
  const contents = new Map(values.map((value, index) => [value, contentsBytes(value, results[index])]))
  const growthOf = (some: readonly Value[]) => foldedGrowth(some, contents, foldable)
  const growths = new Map<Value, number | undefined>()
  for (const kin of kinsOf(values, foldable)) {
    const together = kin.length > 1 ? growthOf(kin) : undefined
    const isCheap = together !== undefined && together <= Math.max(0, allowedBytes)
    kin.forEach((value, index) => {
      growths.set(value, isCheap ? (index === 0 ? together : 0) : growthOf([value]))
    })
  }
  return values.map((value) => growths.get(value))
}

/** Values in groups that share nodes, or constants of size, that they are computed from. */
function kinsOf(values: readonly Value[], foldable: ReadonlySet<Node>): Iterable<readonly Value[]> {
  const kinOf = new Map<Value, Value[]>()
  const owners = new Map<Node | Value, Value>()
  for (const value of values) {
    const parts = [...coneOf([value], foldable)].flatMap((node) => [node, ...constantsOfSize(node)])
    const known = new Set(parts.map((part) => kinOf.get(owners.get(part) as Value)))
    // the members of the smaller groups move
    const groups = [...known].filter((group) => group !== undefined).sort((a, b) => b.length - a.length)
    const kin = groups.shift() ?? []
    for (const one of [...groups.flat(), value]) {
      kin.push(one)
      kinOf.set(one, kin)
    }
    for (const part of parts) owners.set(part, value)
  }
  return new Set(kinOf.values())
}

/** Smaller constants, axes and scalars, are shared by half the graph and decide nothing. */
const SMALLEST_BYTES = 256

function constantsOfSize({inputs}: Node): Value[] {
  return inputs.filter(
    (value) => value?.constant !== undefined && sizeBytes(value.constant) >= SMALLEST_BYTES,
  ) as Value[]
}

function contentsBytes(value: Value, result: Tensor | undefined): number | undefined {
  return result ? sizeBytes(result) : sizeOfType(value.type)
}

/** The contents, less the nodes and constants nobody needs then. */
function foldedGrowth(
  values: readonly Value[],
  contents: ReadonlyMap<Value, number | undefined>,
  foldable: ReadonlySet<Node>,
): number | undefined {
  const cone = coneOf(values, foldable)
  const own = new Set(values)
  const isFreed = (input: Value) => [...input.uses].every((use) => 'node' in use && cone.has(use.node))
  const nodes = [...cone].filter((node) =>
    node.outputs.every((output) => !output || own.has(output) || isFreed(output)),
  )
  const constants = new Set(nodes.flatMap((node) => node.inputs.filter((input) => input?.constant)))
  const saved = [...constants].filter((input) => input && isFreed(input)).map((input) => constantBytes(input as Value))
  let growth = 0
  for (const value of values) {
    const bytes = contents.get(value)
    if (bytes === undefined) return undefined
    growth += bytes + headerBytes(value)
  }
  return [...nodes.map(nodeBytes), ...saved].reduce((sum, bytes) => sum - bytes, growth)
}

/** The nodes that values are computed by. */
function coneOf(values: readonly Value[], foldable: ReadonlySet<Node>): Set<Node> {
  const cone = new Set<Node>()
  const open = values.map(({producer}) => producer)
  while (open.length > 0) {
    const node = open.pop()
    if (!node || cone.has(node) || !foldable.has(node)) continue
    cone.add(node)
    for (const input of node.inputs) open.push(input?.producer)
  }
  return cone
}

function constantBytes(value: Value): number {
  return sizeBytes(value.constant as Tensor) + headerBytes(value)
}

function headerBytes(value: Value): number {
  return OVERHEAD_BYTES + value.name.length
}

function nodeBytes(node: Node): number {
  const names = [...node.inputs, ...node.outputs].map((value) => 2 + (value?.name.length ?? 0))
  const own = OVERHEAD_BYTES + node.opType.length + (node.namedInFile ? node.name.length : 0)
  return names.reduce((sum, length) => sum + length, own)
}
