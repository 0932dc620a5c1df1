import type {Node} from '../../ir/node.js'

/** Removes attributes a newer version no longer has, because they say what holds there anyway. */
export function dropAttributes(...names: readonly string[]) {
  return (node: Node): boolean => names.filter((name) => node.attributes.delete(name)).length > 0
}

/** A hint of the first opsets on memory reuse; never had a meaning for the result. */
export const dropConsumedInputs = dropAttributes('consumed_inputs')
