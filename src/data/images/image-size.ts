import type {PreprocessSpec} from '../dataset.js'

/** height, width */
export type ImageSize = readonly [height: number, width: number]

/** What an image is resized to, before it is cropped. */
export function resizedSize([height, width]: ImageSize, {resize}: PreprocessSpec): ImageSize {
  if (!resize) return [height, width]
  if (!('shortestEdge' in resize)) return resize
  const {shortestEdge} = resize
  // the longer side is cut, not rounded: transformers' get_resize_output_image_size
  const longer = Math.trunc((shortestEdge * Math.max(height, width)) / Math.min(height, width))
  return width <= height ? [longer, shortestEdge] : [shortestEdge, longer]
}

/** What comes out in the end. */
export function preparedSize(source: ImageSize, spec: PreprocessSpec): ImageSize {
  return spec.crop ?? resizedSize(source, spec)
}

/** Whether images of any size come out in one size. */
export function fixesSize({resize, crop}: PreprocessSpec): boolean {
  return crop !== undefined || (resize !== undefined && !('shortestEdge' in resize))
}

/** The part of the preprocessing that moves pixels is done; this is left. */
export function withoutSize({resize, resample, crop, ...rest}: PreprocessSpec): PreprocessSpec {
  return rest
}
