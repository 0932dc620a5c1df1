import type {Node} from '../ir/node.js'
import type {Skip} from './pass.js'

/** Which nodes the user wants left alone. */
export interface Selection {
  /** A match with the node's name or any of its output names excludes it. */
  readonly exclude?: readonly RegExp[] | undefined
  /** Operator types left alone. */
  readonly excludeOps?: readonly string[] | undefined
  /** Nodes that the user gave a type of their own, which is for another pass to bring about. */
  readonly overridden?: readonly {readonly pattern: RegExp; readonly to: string}[] | undefined
  /** Only nodes that match one of these. */
  readonly only?: readonly RegExp[] | undefined
  /** Nodes that a rule leaves alone, with the reason. */
  readonly kept?: ReadonlyMap<Node, string> | undefined
}

/** The reason when the user's flags keep a pass from a node, else undefined. */
export function excludedBecause(
  node: Node,
  {exclude, excludeOps, overridden, only, kept}: Selection,
): string | undefined {
  if (only && !only.some((pattern) => matchesNode(node, pattern))) return 'no --override names it'
  if (excludeOps?.includes(node.opType)) return `excluded by --exclude-op ${node.opType}`
  const rule = exclude?.find((pattern) => matchesNode(node, pattern))
  if (rule) return `excluded by --exclude ${rule.source}`
  const own = overridden?.find(({pattern}) => matchesNode(node, pattern))
  if (!own && kept?.has(node)) return kept.get(node)
  return own && `${own.to} by --override ${own.pattern.source}=${own.to}`
}

/** Whether a node was skipped by the rule that left these alone, and for nothing else. */
export function isSkippedBy(kept: ReadonlyMap<Node, string>, {node, reason}: Skip): boolean {
  return [...kept].some(([{name}, why]) => name === node && why === reason)
}

/** Whether a pattern matches the node's name or any of its output names. */
export function matchesNode(node: Node, pattern: RegExp): boolean {
  const names = [node.name, ...node.outputs.flatMap((value) => (value ? [value.name] : []))]
  return names.some((name) => pattern.test(name))
}
