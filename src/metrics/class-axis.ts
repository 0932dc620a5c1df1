import {product} from './kinds/kind-measure.js'

/** A size, or the name of one that is not known. */
type Size = number | string | undefined

/**
 * Which axis of scores holds the classes, by the labels they are held against: the one axis, the samples' aside, that the labels do not
 * have. `[N, T, V]` and labels `[N, T]`: the last; `[N, C, H, W]` and labels `[N, H, W]`: axis 1. Where both would fit, it is the last
 * for three axes, sequences, and axis 1 for more, images.
 *
 * @param shape of the scores; sizes that are not known fit any.
 * @param labels sizes of one sample's labels, or how many there are; empty for one label.
 * @returns undefined when no axis fits.
 */
export function classAxis(shape: readonly Size[], labels: readonly number[]): number | undefined {
  const last = shape.length - 1
  const order = last > 2 ? [1, last] : [last, 1]
  return order.find((axis) => axis > 0 && axis <= last && fits(withoutAxis(shape, axis).slice(1), labels))
}

/** Sizes of the labels that belong to scores. */
export function withoutAxis<T>(shape: readonly T[], axis: number): T[] {
  return shape.filter((_, index) => index !== axis)
}

function fits(places: readonly Size[], labels: readonly number[]): boolean {
  if (places.length === labels.length) return places.every((size, i) => typeof size !== 'number' || size === labels[i])
  const known = places.filter((size) => typeof size === 'number')
  const [held, wanted] = [product(known), product(labels)]
  // labels one behind the other; a free size is not taken for 1
  return known.length === places.length ? held === wanted : labels.length > 0 && wanted % held === 0
}
