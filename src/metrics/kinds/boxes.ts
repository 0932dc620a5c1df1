import type {Numbers} from './kind-measure.js'

/** Corners of a box, `[x1, y1, x2, y2]`. */
export type Box = readonly [number, number, number, number]

/** How four numbers say a box: two corners, or its middle with width and height. */
export type BoxForm = 'corners' | 'middle'

/** A box that was found, with its class. */
export interface Detection {
  readonly box: Box
  readonly label: number
  readonly score: number
}

/** Boxes that overlap by more are one and the same object. */
const OVERLAP = 0.5
/** A picture with more objects is judged by its surest. */
const MOST = 200
/** Share of boxes that must have a form for it to be theirs. */
const MOST_FIT = 0.98

/** Intersection over union; 0 for boxes without an area. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (!(width > 0 && height > 0)) return 0
  return (width * height) / (area(a) + area(b) - width * height)
}

/**
 * What four numbers of each box are, if they can be boxes: offsets to anchors that only the program knows are none.
 *
 * @param quads the numbers of boxes that were found.
 */
export function formOf(quads: readonly (readonly number[])[]): BoxForm | undefined {
  const share = (fits: (quad: readonly number[]) => boolean) => quads.filter(fits).length / Math.max(1, quads.length)
  if (quads.length === 0) return undefined
  if (share(([x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => x2 > x1 && y2 > y1) >= MOST_FIT) return 'corners'
  const isMiddle = share(([x = 0, y = 0, width = 0, height = 0]) => x >= 0 && y >= 0 && width > 0 && height > 0)
  return isMiddle >= MOST_FIT ? 'middle' : undefined
}

export function boxOf([a = 0, b = 0, c = 0, d = 0]: readonly number[], form: BoxForm): Box {
  return form === 'corners' ? [a, b, c, d] : [a - c / 2, b - d / 2, a + c / 2, b + d / 2]
}

export function quadAt(values: Numbers, start: number, step = 1): readonly number[] {
  return [0, 1, 2, 3].map((index) => values[start + index * step] as number)
}

/** Non-maximum suppression within each class: the surest boxes, without those that overlap a surer one by more than half. */
export function suppress(found: readonly Detection[]): Detection[] {
  const kept: Detection[] = []
  for (const one of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.length === MOST) break
    if (!kept.some((other) => other.label === one.label && iou(other.box, one.box) > OVERLAP)) kept.push(one)
  }
  return kept
}

/** How many of the one are found again in the other, each once: the same class, overlapping by at least half. */
export function matches(reference: readonly Detection[], other: readonly Detection[]): number {
  const free = new Set(other)
  let count = 0
  for (const one of reference) {
    const candidates = [...free].filter(({label}) => label === one.label)
    const best = candidates.reduce<Detection | undefined>((most, candidate) => {
      return most && iou(one.box, most.box) >= iou(one.box, candidate.box) ? most : candidate
    }, undefined)
    if (!best || iou(one.box, best.box) < OVERLAP) continue
    free.delete(best)
    count++
  }
  return count
}

function area([x1, y1, x2, y2]: Box): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1)
}
