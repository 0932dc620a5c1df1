import type {DataSpec, InputPort} from '../data/dataset.js'
import {openData} from '../data/open-data.js'
import {MoptError} from '../errors.js'
import {isFloat} from '../ir/dtype.js'

/** What the numbers of images are before they are scaled, per channel where there are 3. */
export interface PixelFacts {
  readonly lowest: number
  readonly highest: number
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

const SAMPLES_PER_READ = 16

/**
 * Looks at the numbers behind a model's float input as the files have them.
 * @returns undefined when they cannot be scaled: token ids, test data sets, or none.
 */
export async function pixelFacts(
  spec: DataSpec,
  ports: readonly InputPort[],
  signal?: AbortSignal,
): Promise<PixelFacts | undefined> {
  const plain = {...spec, preprocess: {...spec.preprocess, scale: 1, mean: [0], std: [1]}}
  try {
    const dataset = await openData(plain, ports, signal && {signal})
    const sums = new ChannelSums()
    for await (const {inputs, size} of dataset.batches(SAMPLES_PER_READ)) {
      const input = Object.values(inputs).find(({dtype, shape}) => isFloat(dtype) && shape.length > 1)
      if (!input || input.dtype === 'float16') return undefined
      const values = input.data as Float32Array
      sums.add(values.subarray(0, (values.length / (input.shape[0] as number)) * size), input.shape)
    }
    return sums.facts()
  } catch (error) {
    if (error instanceof MoptError) return undefined
    throw error
  }
}

class ChannelSums {
  #lowest = Number.POSITIVE_INFINITY
  #highest = Number.NEGATIVE_INFINITY
  readonly #channels = Array.from({length: 3}, () => ({count: 0, sum: 0, squares: 0}))
  #isColour = false

  /** @param shape `[N, 3, H, W]` and `[N, H, W, 3]` are colours; everything else is one channel. */
  add(values: Float32Array, [, a, ...rest]: readonly number[]): void {
    const last = rest.at(-1)
    const isFirst = rest.length === 2 && a === 3
    this.#isColour = isFirst || (rest.length === 2 && last === 3)
    const plane = isFirst ? (rest[0] as number) * (rest[1] as number) : 1
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number
      if (value < this.#lowest) this.#lowest = value
      if (value > this.#highest) this.#highest = value
      const channel = this.#channels[this.#isColour ? Math.floor(i / plane) % 3 : 0] as {
        count: number
        sum: number
        squares: number
      }
      channel.count++
      channel.sum += value
      channel.squares += value * value
    }
  }

  facts(): PixelFacts {
    const used = this.#isColour ? this.#channels : this.#channels.slice(0, 1)
    const mean = used.map(({count, sum}) => sum / count)
    const std = used.map(({count, squares}, c) => Math.sqrt(Math.max(0, squares / count - (mean[c] as number) ** 2)))
    return {lowest: this.#lowest, highest: this.#highest, mean, std}
  }
}
