import {ShapeError} from '../../errors.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {slide, windowOf} from '../conv/window.js'
import type {AxisTie} from '../op-spec.js'
import {tieAxes} from '../ties.js'

/** [N, C, …] after a window has slid over the spatial axes. @throws ShapeError when kernel_shape does not fit the rank. */
export function pooledShape(node: Node, x: Shape | undefined): Shape | undefined {
  const kernel = node.ints('kernel_shape', [])
  if (!x) return undefined
  if (kernel.length !== x.length - 2) {
    throw new ShapeError(node, {expected: `kernel_shape with ${x.length - 2} sizes`, got: `${kernel.length}`})
  }
  return [...x.slice(0, 2), ...slide(node, x.slice(2), windowOf(node, kernel))]
}

/** Batch and channels stay what they are; positions do not. */
export function tieBatchAndChannels(node: Node): AxisTie[] {
  const [x] = node.inputs
  return [0, 1].flatMap((axis) => tieAxes([x, ...node.outputs].map((value) => [value, axis] as const)))
}
