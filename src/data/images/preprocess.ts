import type {TypedArray} from '../../ir/dtype.js'
import {fitImage} from './fit-image.js'
import type {ImagePlan, ImageShape} from './image-plan.js'

/** How strongly red, green and blue count in gray. ITU-R BT.601, as Pillow's conversion to 'L'. */
const LUMA = [0.299, 0.587, 0.114] as const

/**
 * Prepares images: resize, crop, channels, layout, then `(x · scale − mean) / std`.
 *
 * @param pixels `[count, ...source]`, not modified; colours in the order red, green, blue.
 * @param rounded resized and mixed values go back to whole numbers, as image libraries do for bytes.
 * @returns `[count, ...target]`.
 */
export function preprocess(pixels: TypedArray, count: number, plan: ImagePlan, rounded: boolean): Float64Array {
  const {source, target, spec} = plan
  const [sourceSize, targetSize] = [pixelsOf(source) * source.channels, pixelsOf(target) * target.channels]
  const out = new Float64Array(count * targetSize)
  const fitted = {...source, height: target.height, width: target.width}
  for (let sample = 0; sample < count; sample++) {
    const original = pixels.subarray(sample * sourceSize, (sample + 1) * sourceSize) as ArrayLike<number>
    const image = fitImage(original, source, spec, rounded)
    writeImage(image, fitted, plan, rounded, out.subarray(sample * targetSize, (sample + 1) * targetSize))
  }
  return out
}

function writeImage(
  image: ArrayLike<number>,
  from: ImageShape,
  plan: ImagePlan,
  rounded: boolean,
  out: Float64Array,
): void {
  const {target, scale, mean, std} = plan
  const [size, input, output] = [pixelsOf(target), stridesOf(from), stridesOf(target)]
  for (let channel = 0; channel < target.channels; channel++) {
    const [shift, divisor] = [mean[channel] as number, std[channel] as number]
    const mix = mixOf(plan, channel)
    for (let pixel = 0; pixel < size; pixel++) {
      let value = 0
      for (const [sourceChannel, weight] of mix) {
        value += weight * (image[pixel * input.pixel + sourceChannel * input.channel] as number)
      }
      if (rounded && mix.length > 1) value = Math.round(value)
      out[pixel * output.pixel + channel * output.channel] = (value * scale - shift) / divisor
    }
  }
}

/** The source channels an output channel is made of, with their weights. */
export function mixOf({source, channels}: ImagePlan, channel: number): (readonly [channel: number, weight: number])[] {
  if (source.channels === 1) return [[0, 1]]
  if (channels === 'gray') return LUMA.map((weight, index) => [index, weight] as const)
  return [[channels === 'bgr' ? 2 - channel : channel, 1]]
}

/** How far apart neighbours lie in a sample. */
export function stridesOf(shape: ImageShape): {pixel: number; channel: number} {
  return shape.channelsFirst ? {pixel: 1, channel: pixelsOf(shape)} : {pixel: shape.channels, channel: 1}
}

function pixelsOf({height, width}: ImageShape): number {
  return height * width
}
