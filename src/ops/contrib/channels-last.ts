import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'

/** Applies a rule written for [N, C, …] to a tensor whose channels are last. */
export function channelsLast(
  shape: Shape | undefined,
  rule: (x: Shape | undefined) => Shape | undefined,
): Shape | undefined {
  const result = rule(shape && [...shape.slice(0, 1), ...shape.slice(-1), ...shape.slice(1, -1)])
  return result && [...result.slice(0, 1), ...result.slice(2), ...result.slice(1, 2)]
}

/** The same where the attribute `channels_last` says so. */
export function inLayout(
  node: Node,
  shape: Shape | undefined,
  rule: (x: Shape | undefined) => Shape | undefined,
): Shape | undefined {
  return node.int('channels_last', 0) === 0 ? rule(shape) : channelsLast(shape, rule)
}
