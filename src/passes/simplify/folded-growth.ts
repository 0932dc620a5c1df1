import type {Node} from '../../ir/node.js'
import {sizeBytes, type Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {sizeOfType} from './size-of-type.js'

/** Field tags and lengths around a tensor or a node in the file. */
const OVERHEAD_BYTES = 12

/**
 * By how many bytes a file grows when a computed value becomes a constant: its contents, less the nodes and constants nobody needs then.
 * Negative when the file shrinks.
 *
 * @param result the contents; undefined before they are computed: then the value's type tells their size, if it can.
 * @param foldable the nodes that constants alone feed.
 * @returns undefined when the size cannot be told.
 */
export function foldedGrowth(
  value: Value,
  result: Tensor | undefined,
  foldable: ReadonlySet<Node>,
): number | undefined {
  const contents = result ? sizeBytes(result) : sizeOfType(value.type)
  if (contents === undefined) return undefined
  const cone = coneOf(value, foldable)
  const isFreed = (input: Value) => [...input.uses].every((use) => 'node' in use && cone.has(use.node))
  const nodes = [...cone].filter((node) =>
    node.outputs.every((output) => !output || output === value || isFreed(output)),
  )
  const constants = new Set(nodes.flatMap((node) => node.inputs.filter((input) => input?.constant)))
  const saved = [...constants].filter((input) => input && isFreed(input)).map((input) => constantBytes(input as Value))
  const total = [...nodes.map(nodeBytes), ...saved].reduce((sum, bytes) => sum + bytes, 0)
  return contents + headerBytes(value) - total
}

/** The nodes a value is computed by. */
function coneOf(value: Value, foldable: ReadonlySet<Node>): Set<Node> {
  const cone = new Set<Node>()
  const open = [value.producer]
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
