import type {DType} from '../../../ir/dtype.js'
import {readFloat32, type Tensor} from '../../../ir/tensor.js'
import type {WeightChannels} from './weighted-node.js'

/** A weight times one factor per channel, computed when read: in double precision, rounded once. */
class ScaledWeight implements Tensor {
  readonly dtype: DType = 'float32'

  constructor(
    readonly base: Tensor,
    readonly channels: WeightChannels,
    readonly factors: Float64Array,
  ) {}

  get shape(): readonly number[] {
    return this.base.shape
  }

  read(): Float32Array {
    const scaled = readFloat32(this.base).slice()
    const {inner} = this.channels
    for (let start = 0, run = 0; start < scaled.length; start += inner, run++) {
      const factor = this.factors[this.channels.channelOf(run)] as number
      for (let i = start; i < start + inner; i++) scaled[i] = (scaled[i] as number) * factor
    }
    return scaled
  }
}

/**
 * `w'[run] = w[run] · factors[channelOf(run)]`. Factors given one after another are joined first, so that the product is rounded once.
 *
 * @param weight float32; not modified.
 * @param factors one per channel.
 */
export function scaledWeight(weight: Tensor, channels: WeightChannels, factors: Float64Array): Tensor {
  if (weight instanceof ScaledWeight && weight.channels.side === channels.side) {
    const joined = weight.factors.map((factor, c) => factor * (factors[c] as number))
    return new ScaledWeight(weight.base, channels, joined)
  }
  return new ScaledWeight(weight, channels, factors)
}
