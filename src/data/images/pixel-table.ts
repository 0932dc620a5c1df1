import type {TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {Refuse} from '../samples/cast.js'
import type {ImagePlan} from './image-plan.js'
import {mixOf, preprocess, stridesOf} from './preprocess.js'

/** A byte has so many values. */
const VALUES = 256

/** Bytes of images → elements of an input, as `preprocess` and `finish` make them. */
export type PixelTable = (pixels: TypedArray, count: number, into?: TypedArray) => TypedArray

/**
 * What becomes of every byte in every channel, computed once in the ordinary way. Looking it up takes a twentieth of the time.
 *
 * @param finish turns what `preprocess` gives into the input's type.
 * @returns undefined where a pixel depends on others (resized, cropped, mixed to gray), or where the input's type does not take every
 *   byte's result: then the ordinary way tells which sample is at fault.
 */
export function pixelTable(
  plan: ImagePlan,
  finish: (values: Float64Array, refuse: Refuse) => TypedArray,
): PixelTable | undefined {
  const {source, target, spec} = plan
  const mixes = Array.from({length: target.channels}, (_, channel) => mixOf(plan, channel))
  if (spec.resize || spec.crop || mixes.some((mix) => mix.length > 1)) return undefined
  const table = tableOf(plan, finish)
  if (!table) return undefined
  const [sourceSize, targetSize] = [source, target].map(({height, width, channels}) =>
    elementCount([height, width, channels]),
  ) as [number, number]
  const [input, output] = [stridesOf(source), stridesOf(target)]
  return (pixels, count, into) => {
    const out = into ?? new (table.constructor as new (length: number) => TypedArray)(count * targetSize)
    for (let sample = 0; sample < count; sample++) {
      mixes.forEach(([first], channel) => {
        const results = table.subarray(channel * VALUES, (channel + 1) * VALUES)
        const from = sample * sourceSize + (first?.[0] ?? 0) * input.channel
        const to = sample * targetSize + channel * output.channel
        const places = {source: pixels.subarray(from), target: out.subarray(to)}
        lookUp(results, {...places, sourceStep: input.pixel, targetStep: output.pixel}, target.height * target.width)
      })
    }
    return out
  }
}

/** `[channels, 256]` */
function tableOf(
  plan: ImagePlan,
  finish: (values: Float64Array, refuse: Refuse) => TypedArray,
): TypedArray | undefined {
  const size = {height: 1, width: VALUES, channelsFirst: true}
  const [source, target] = [
    {...plan.source, ...size},
    {...plan.target, ...size},
  ]
  const bytes = Uint8Array.from({length: source.channels * VALUES}, (_, index) => index % VALUES)
  try {
    return finish(preprocess(bytes, 1, {...plan, source, target}, true), refuseAll)
  } catch (error) {
    if (error === REFUSED) return undefined
    throw error
  }
}

const REFUSED = new RangeError('a byte has no place in the type of the input')

function refuseAll(): never {
  throw REFUSED
}

interface Places {
  /** From the first pixel on. */
  readonly source: TypedArray
  readonly sourceStep: number
  readonly target: TypedArray
  readonly targetStep: number
}

function lookUp(results: TypedArray, {source, sourceStep, target, targetStep}: Places, count: number): void {
  for (let pixel = 0; pixel < count; pixel++) {
    target[pixel * targetStep] = results[source[pixel * sourceStep] as number] as never
  }
}
