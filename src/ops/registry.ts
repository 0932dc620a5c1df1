import type {Node} from '../ir/node.js'
import type {OpSpec} from './op-spec.js'
import * as operators from './operators.js'

/** Every operator record. The list is `operators.ts`; shape rules that files export for each other are not records. */
export const OPERATORS: readonly OpSpec[] = Object.values(operators)
  .filter((entry) => typeof entry !== 'function')
  .flat()

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
