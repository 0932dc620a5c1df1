import type {Node} from '../ir/node.js'
import type {OpSpec} from '../ops/op-spec.js'

/** The operator record that holds for a node, at the opset of its model; undefined for operators mopt does not know. */
export type SpecOf = (node: Node) => OpSpec | undefined

/** Which nodes the user wants left alone. */
export interface Selection {
  /** A match with the node's name or any of its output names excludes it. */
  readonly exclude?: readonly RegExp[] | undefined
}

/** The reason when the user excluded a node, else undefined. */
export function excludedBecause(node: Node, selection: Selection): string | undefined {
  const names = [node.name, ...node.outputs.flatMap((value) => (value ? [value.name] : []))]
  const rule = selection.exclude?.find((pattern) => names.some((name) => pattern.test(name)))
  return rule && `excluded by --exclude ${rule.source}`
}
