import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {elementCount, readFloat32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'

/** Below it float16 has ever fewer digits, and GPUs may take it for 0. */
const SMALLEST_NORMAL = 2 ** -14
/** What an epsilon stands in front of. */
const GUARDED: ReadonlySet<string> = new Set(['Sqrt', 'Reciprocal', 'Div', 'Pow', 'Log'])

/**
 * The nodes that a number too small for float16 guards: those that read it, as `x + 1e-12` does, and the roots, quotients and
 * logarithms behind them. In float16 they would divide by 0.
 *
 * @returns the reason of each.
 */
export function epsilonNodes(graph: Graph): Map<Node, string> {
  const found = new Map<Node, string>()
  for (const node of graph.allNodes()) {
    const tiny = node.inputs.find((value) => value && isTiny(value))
    if (tiny) found.set(node, 'its constant is too small for float16')
    else if (GUARDED.has(node.opType) && node.inputs.some((value) => value?.producer && found.has(value.producer))) {
      found.set(node, 'the small number in front of it is 0 in float16')
    }
  }
  return found
}

function isTiny({constant}: Value): boolean {
  if (constant?.dtype !== 'float32' || elementCount(constant.shape) !== 1) return false
  const magnitude = Math.abs(readFloat32(constant)[0] ?? 0)
  return magnitude > 0 && magnitude < SMALLEST_NORMAL
}
