import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'

/** [N, C, H, W], or of a kernel [M, C / group, h, w]. */
export type Sizes = readonly [number, number, number, number]
type Two = readonly [number, number]

/** A Conv or ConvTranspose over two axes with every size known, float32. */
export interface Convolution {
  readonly node: Node
  readonly x: Value
  readonly w: Value
  readonly bias: Value | undefined
  readonly y: Value
  /** [N, C, H, W] */
  readonly data: Sizes
  /** As the operator has it: [M, C / group, kernel…], of a ConvTranspose [C, M / group, kernel…]. */
  readonly weight: Sizes
  readonly result: Sizes
  readonly strides: Two
  readonly dilations: Two
  /** Top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number]
  readonly group: number
}

/** @returns undefined for another operator, free sizes, SAME padding, another element type, or not two spatial axes. */
export function readConvolution(node: Node): Convolution | undefined {
  const isConvolution = node.domain === '' && (node.opType === 'Conv' || node.opType === 'ConvTranspose')
  const [x, w, bias] = node.inputs
  const [y] = node.outputs
  if (!isConvolution || !x || !w || !y || node.string('auto_pad', 'NOTSET') !== 'NOTSET') return undefined
  const [data, weight, result] = [x, w, y].map(sizesOf)
  if (!data || !weight || !result) return undefined
  return {
    node,
    ...{x, w, bias, y, data, weight, result},
    strides: pairOf(node, 'strides'),
    dilations: pairOf(node, 'dilations'),
    pads: padsOf(node),
    group: node.int('group', 1),
  }
}

/** [N, C, H, W] of a float32 value; undefined for free sizes, another rank or element type. */
export function sizesOf({type}: Value): Sizes | undefined {
  if (type?.kind !== 'tensor' || type.dtype !== 'float32' || type.shape?.length !== 4) return undefined
  return type.shape.every((size) => typeof size === 'number') ? (type.shape as Sizes) : undefined
}

function pairOf(node: Node, name: string): Two {
  const [height = 1, width = 1] = node.ints(name, [])
  return [height, width]
}

function padsOf(node: Node): Convolution['pads'] {
  const [top = 0, left = 0, bottom = 0, right = 0] = node.ints('pads', [])
  return [top, left, bottom, right]
}
