import type {PreprocessSpec} from '../dataset.js'
import type {ImageShape} from './image-plan.js'
import {type ImageSize, resizedSize} from './image-size.js'
import {resize} from './resize.js'

/**
 * Resizes and crops one image.
 *
 * @param image as `shape` says; not modified, and returned as it is when nothing is to do.
 * @param bytes values are whole numbers in 0..255 and stay so.
 * @returns the same layout in the size `preparedSize` tells.
 */
export function fitImage(
  image: ArrayLike<number>,
  shape: ImageShape,
  spec: PreprocessSpec,
  bytes: boolean,
): ArrayLike<number> {
  const size = resizedSize([shape.height, shape.width], spec)
  const resized = resize(image, shape, size, {filter: spec.resample ?? 'bilinear', bytes})
  if (!spec.crop) return resized
  return crop(resized, {...shape, height: size[0], width: size[1]}, spec.crop)
}

/** Around the centre; zeros where the image is smaller than the crop, as transformers' center_crop. */
function crop(image: ArrayLike<number>, shape: ImageShape, [height, width]: ImageSize): ArrayLike<number> {
  if (shape.height === height && shape.width === width) return image
  const {channels, channelsFirst} = shape
  const [top, left] = [Math.floor((shape.height - height) / 2), Math.floor((shape.width - width) / 2)]
  const planes = channelsFirst ? channels : 1
  const depth = channelsFirst ? 1 : channels
  const out = new Float32Array(height * width * channels)
  for (let plane = 0; plane < planes; plane++) {
    for (let y = Math.max(0, -top); y < Math.min(height, shape.height - top); y++) {
      const from = Math.max(0, -left)
      const to = Math.min(width, shape.width - left)
      const source = ((plane * shape.height + y + top) * shape.width + from + left) * depth
      const target = ((plane * height + y) * width + from) * depth
      for (let i = 0; i < (to - from) * depth; i++) out[target + i] = image[source + i] as number
    }
  }
  return out
}
