import {ShapeError} from '../errors.js'
import {type Dim, sameDim} from '../ir/dim.js'
import type {Node} from '../ir/node.js'
import type {Shape} from '../ir/types.js'

/**
 * The common shape of all, sizes aligned from the right, 1 stretched: ONNX's (numpy's) broadcasting.
 * Two sizes of which neither is known may be 1 and stretch, so their common size is unknown unless they are the same.
 *
 * @throws ShapeError when two known sizes differ and neither is 1.
 */
export function broadcast(node: Node, shapes: readonly (Shape | undefined)[]): Shape | undefined {
  let result: Shape = []
  for (const shape of shapes) {
    if (!shape) return undefined
    result = broadcastTwo(node, result, shape)
  }
  return result
}

function broadcastTwo(node: Node, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({length: rank}, (_, index) => {
    const [left, right] = [a.length - rank + index, b.length - rank + index]
    return commonSize(node, left < 0 ? 1 : a[left], right < 0 ? 1 : b[right])
  })
}

function commonSize(node: Node, a: Dim, b: Dim): Dim {
  if (a === 1) return b
  if (b === 1 || sameDim(a, b)) return a
  if (typeof a === 'number' && typeof b === 'number') {
    throw new ShapeError(node, {expected: `sizes that broadcast (equal, or one of them 1)`, got: `${a} and ${b}`})
  }
  return typeof a === 'number' ? a : typeof b === 'number' ? b : undefined
}
