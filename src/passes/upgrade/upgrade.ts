import {UnsupportedOpError} from '../../errors.js'
import type {Node} from '../../ir/node.js'
import type {Refusal} from '../../ops/op-spec.js'

/**
 * What one version of the standard domain means for the nodes of an operator that are valid just below it.
 * - `same`: only element types, optional parts or wording were added: the node stands as it is.
 * - a function rewrites the node to what means the same at the new version; it tells whether there was anything to do,
 *   and throws UnsupportedOpError, before it changes anything, for a node that has no equal there.
 * - a refusal: no node of the operator can cross this version, and why.
 */
export type Upgrade = 'same' | ((node: Node) => boolean) | Refusal

/** The entries of versions that changed nothing for existing nodes. */
export function same(...versions: readonly number[]): Record<number, Upgrade> {
  return Object.fromEntries(versions.map((version) => [version, 'same' as const]))
}

/** The error of a node that cannot be upgraded. */
export function notUpgradable(node: Node, reason: string): UnsupportedOpError {
  return new UnsupportedOpError(node, 'upgrade', reason, 'Keep the opset of the model, or export it with a newer one')
}
