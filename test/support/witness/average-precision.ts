import {type Box, overlap} from './boxes.js'

/** Precision is read at so many recalls, as COCO does. */
const POINTS = 101

/**
 * Mean over the labels of the area under precision by recall, boxes of IoU 0.5 and more taken as right: mAP@.5.
 *
 * @param found per picture, with scores; each true box is taken once, by the best found one.
 * @param truth per picture; scores do not count.
 */
export function meanAveragePrecision(found: readonly (readonly Box[])[], truth: readonly (readonly Box[])[]): number {
  const labels = [...new Set(truth.flat().map(({label}) => label))]
  const of = (boxes: readonly (readonly Box[])[], wanted: number) =>
    boxes.map((own) => own.filter(({label}) => label === wanted))
  const values = labels.map((label) => averagePrecision(of(found, label), of(truth, label)))
  return values.reduce((sum, value) => sum + value, 0) / labels.length
}

function averagePrecision(found: readonly (readonly Box[])[], truth: readonly (readonly Box[])[]): number {
  const taken = new Set<Box>()
  const all = found.flatMap((boxes, picture) => boxes.map((box) => ({box, own: truth[picture] ?? []})))
  all.sort((a, b) => b.box.score - a.box.score)
  const count = truth.flat().length
  let hits = 0
  const curve = all.map(({box, own}, i) => {
    const best = [...own].sort((a, b) => overlap(box, b) - overlap(box, a))[0]
    if (best && overlap(box, best) >= 0.5 && !taken.has(best)) {
      taken.add(best)
      hits++
    }
    return {recall: hits / count, precision: hits / (i + 1)}
  })
  for (let i = curve.length - 2; i >= 0; i--) {
    const [own, next] = [curve[i] as (typeof curve)[0], curve[i + 1] as (typeof curve)[0]]
    own.precision = Math.max(own.precision, next.precision)
  }
  const at = (recall: number) => curve.find((point) => point.recall >= recall)?.precision ?? 0
  return Array.from({length: POINTS}, (_, i) => at(i / (POINTS - 1))).reduce((sum, one) => sum + one, 0) / POINTS
}
