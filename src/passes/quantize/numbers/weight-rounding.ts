import type {Node} from '../../../ir/node.js'

/** How the integers of a weight are found, beyond rounding each value to the grid that its range asks for. */
export interface WeightRounding {
  /** `max`: a grid holds the largest weight. `mse`: the grid that loses least, see `fitScale`. */
  readonly grid: 'max' | 'mse'
  /**
   * With `mse`, symmetric types use their lowest value too (−8 of int4), and a scale is negative where the largest weight is positive: a
   * fifteenth more steps for nothing. For forms whose readers multiply with the scale as it is.
   */
  readonly fullRange?: boolean | undefined
  /** E[x²] of each input that the weight is multiplied with, `[K]`: `mse` then minimizes the error of the output ("scale estimation"). */
  readonly squares?: Float64Array | undefined
  /** XᵀX of these inputs, `[K, K]`, up to a factor: blocks are rounded by GPTQ. */
  readonly products?: Float64Array | undefined
  /** What GPTQ made of weights with such products before: the plans that are tried have most of them in common. */
  readonly known?: Map<string, RoundedBlocks> | undefined
}

/** A weight in blocks: its integers, in order, and the grid of each block. */
export interface RoundedBlocks {
  readonly integers: Int8Array | Uint8Array
  readonly scales: Float32Array
  readonly zeroPoints: Uint8Array
}

/** What is known of the weight that a node reads as its input number `slot`; undefined: the plain way. */
export type RoundingOf = (node: Node, slot: number) => WeightRounding | undefined
