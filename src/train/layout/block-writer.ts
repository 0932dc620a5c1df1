import {GraphBuilder} from '../../ir/build.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {Sizes} from './convolution.js'

/** ONNX Runtime's domain of operators on blocked tensors. Internal to it, and only on its CPU provider. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc'

export interface WindowAttributes {
  readonly kernel_shape: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly number[]
  readonly group: number
}

/**
 * Writes nodes on blocked tensors: [N, C, H, W] by its shape, [N, C / block, H, W, block] in memory. Every tensor is put into blocks
 * once, and what comes out of one blocked operator goes into the next as it is.
 */
export class BlockWriter {
  readonly #blocked = new Map<Value, Value>()
  #build: GraphBuilder

  constructor(
    private readonly graph: Graph,
    /** Channels that lie side by side. */
    readonly block: number,
  ) {
    this.#build = new GraphBuilder(graph)
  }

  /** What follows is written in front of this node. */
  moveTo(before: Node): void {
    this.#build = new GraphBuilder(this.graph, {before})
  }

  /** `value` in blocks. @param value [N, C, H, W], C a multiple of the block. */
  enter(value: Value): Value {
    const known = this.#blocked.get(value)
    if (known) return known
    const blocked = this.#build.op('ReorderInput', [value], {}, {domain: BLOCKED_DOMAIN})
    this.#blocked.set(value, blocked)
    return blocked
  }

  /** Out of blocks, as the value `plain`, which nobody produces any more. */
  leave(blocked: Value, plain: Value, channels: number): void {
    const node = this.#build.node('ReorderOutput', [blocked], {channels}, {domain: BLOCKED_DOMAIN})
    this.graph.moveOutput(plain, node, 0)
    this.#blocked.set(plain, blocked)
  }

  /** Whether the value is there in blocks. */
  holds(value: Value): boolean {
    return this.#blocked.has(value)
  }

  /**
   * Channels last, straight from the blocks: of one block, the same numbers read in another shape.
   *
   * @param value is there in blocks.
   * @param last `value` as [N, H, W, C], which nobody produces any more.
   */
  leaveLast(value: Value, last: Value, [batch, channels, rows, columns]: Sizes): void {
    const blocked = this.enter(value)
    const node =
      channels === this.block
        ? this.#build.node('Reshape', [blocked, this.#build.ints([batch, rows, columns, channels])])
        : this.#build.node('ReorderOutput', [blocked], {channels, channels_last: 1}, {domain: BLOCKED_DOMAIN})
    this.graph.moveOutput(last, node, 0)
  }

  convolve(x: Value, w: Value, bias: Value | undefined, window: WindowAttributes): Value {
    return this.#build.op('Conv', [x, w, ...(bias ? [bias] : [])], {...window}, {domain: BLOCKED_DOMAIN})
  }

  reshape(value: Value, sizes: readonly number[]): Value {
    return this.#build.op('Reshape', [value, this.#build.ints(sizes)])
  }

  transpose(value: Value, perm: readonly number[]): Value {
    return this.#build.op('Transpose', [value], {perm})
  }

  /** Zeros behind the elements of each axis. */
  padEnds(value: Value, ends: readonly number[]): Value {
    return this.#build.op('Pad', [value, this.#build.ints([...ends.map(() => 0), ...ends])])
  }

  /** The last two axes read backwards. */
  turn(kernel: Value): Value {
    const [last, ends, axes] = [
      [-1, -1],
      [Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
      [2, 3],
    ].map((list) => this.#build.ints(list))
    return this.#build.op('Slice', [kernel, last, ends, axes, last])
  }
}
