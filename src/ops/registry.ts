import type {Node} from '../ir/node.js'
import type {OpSpec} from './op-spec.js'

/** Every operator record, one line each. */
export const OPERATORS: readonly OpSpec[] = []

const BY_KEY = new Map<string, OpSpec[]>()
for (const spec of OPERATORS) {
  const versions = BY_KEY.get(key(spec.domain ?? '', spec.type))
  if (versions) versions.push(spec)
  else BY_KEY.set(key(spec.domain ?? '', spec.type), [spec])
}

/** The record that holds for a node at an opset version of its domain: the largest `sinceOpset` not above it. */
export function lookup(node: Pick<Node, 'domain' | 'opType'>, opset: number): OpSpec | undefined {
  const versions = BY_KEY.get(key(node.domain, node.opType)) ?? []
  return versions.filter((spec) => spec.sinceOpset <= opset).sort((a, b) => b.sinceOpset - a.sinceOpset)[0]
}

function key(domain: string, type: string): string {
  return `${domain}:${type}`
}
