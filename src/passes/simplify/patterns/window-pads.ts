import type {Node} from '../../../ir/node.js'

/** The paddings `[begin…, end…]` of a Conv or pool that states them itself; undefined where auto_pad computes them. */
export function statedPads(node: Node, axes: number): readonly number[] | undefined {
  const mode = node.string('auto_pad', 'NOTSET')
  const zeros = new Array<number>(2 * axes).fill(0)
  if (mode === 'VALID') return zeros
  return mode === 'NOTSET' ? node.ints('pads', zeros) : undefined
}

/** Whether a Conv may read beyond its data. */
export function isPadded(node: Node): boolean {
  return statedPads(node, 0)?.some((size) => size !== 0) ?? true
}
