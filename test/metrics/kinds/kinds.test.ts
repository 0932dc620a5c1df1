import {expect} from 'chai'
import {divergence} from '../../../src/metrics/kinds/divergence.js'
import type {KindMeasure} from '../../../src/metrics/kinds/kind-measure.js'
import {SameDetections} from '../../../src/metrics/kinds/same-detections.js'
import {SameDirection} from '../../../src/metrics/kinds/same-direction.js'
import {SameLabels} from '../../../src/metrics/kinds/same-labels.js'
import {SameLines} from '../../../src/metrics/kinds/same-lines.js'
import {SameNumbers} from '../../../src/metrics/kinds/same-numbers.js'
import {SamePeaks} from '../../../src/metrics/kinds/same-peaks.js'
import {SamePlaces} from '../../../src/metrics/kinds/same-places.js'
import {SamePositives} from '../../../src/metrics/kinds/same-positives.js'
import {SameSelection} from '../../../src/metrics/kinds/same-selection.js'
import {SameValues} from '../../../src/metrics/kinds/same-values.js'

function judged(measure: KindMeasure, reference: number[], other: number[], dims: readonly number[]) {
  measure.add({reference: Float32Array.from(reference), other: Float32Array.from(other), dims})
  return measure.result()
}

describe('SameLabels', () => {
  it('counts rows with the same largest class, ties to the lowest, NaN never', () => {
    const {value, details} = judged(
      new SameLabels(),
      [1, 2, 5, 5, 0, 1, Number.NaN, 0],
      [0, 9, 7, 1, 2, 1, 0, 1],
      [4, 2],
    )
    expect(value).to.equal(2 / 4)
    expect(details.decisions).to.equal(4)
  })
})

describe('divergence', () => {
  it('is that of the softmax of logits, and of probabilities as they are', () => {
    const row = {start: 0, count: 2, step: 1}
    // KL((1/2, 1/2) ‖ (1/4, 3/4)) = ln(2) − ln(3) / 2
    const wanted = Math.log(2) - Math.log(3) / 2
    expect(divergence(Float32Array.of(3, 3), Float32Array.of(0, Math.log(3)), row)).to.be.closeTo(wanted, 1e-6)
    expect(divergence(Float32Array.of(0.5, 0.5), Float32Array.of(0.25, 0.75), row)).to.be.closeTo(wanted, 1e-6)
  })
})

describe('SamePositives', () => {
  it('is not moved by the many places that both call empty', () => {
    const reference = Array.from({length: 1000}, (_, index) => (index < 4 ? 0.9 : 0.01))
    const half = reference.map((score, index) => (index < 2 ? 0.2 : score))
    // two of four are kept, nothing is added: recall 1/2, precision 1
    expect(judged(new SamePositives({of: 'places'}), reference, half, [1, 1000, 1]).value).to.be.closeTo(2 / 3, 1e-9)
    expect(judged(new SamePositives({of: 'area'}), reference, half, [1, 1, 20, 50]).value).to.equal(0.5)
  })

  it('takes 0 for the threshold of logits, by what is said or by the numbers', () => {
    expect(judged(new SamePositives({of: 'samples'}), [-3, 2, 1], [-3, 2, -1], [3, 1]).value).to.be.closeTo(2 / 3, 1e-9)
    // logits that happen to lie in 0..1 are all above 0
    expect(judged(new SamePositives({of: 'samples', areLogits: true}), [0.2, 0.9], [0.4, 0.6], [2, 1]).value).to.equal(
      1,
    )
  })

  it('lets a place that barely passed come and go, and not the sure one', () => {
    const places = new SamePositives({of: 'places'})
    const lostFaint = judged(places, [0.95, 0.51, 0], [0.95, 0.49, 0], [1, 3, 1]).value ?? 0
    expect(lostFaint).to.be.above(0.98)
    const lostSure = judged(new SamePositives({of: 'places'}), [0.95, 0.51, 0], [0.4, 0.51, 0], [1, 3, 1]).value ?? 1
    expect(lostSure).to.be.below(0.1)
  })

  it('goes down to where the reference says yes, and says so when it never does', () => {
    expect(judged(new SamePositives({of: 'samples'}), [0.2, 0.01], [0.2, 0.01], [2, 1]).details.threshold).to.equal(0.1)
    const silent = judged(new SamePositives({of: 'samples'}), [0.02, 0.01], [0.03, 0.02], [2, 1])
    expect(silent).to.deep.include({value: null, reason: 'no score passes 0.5'})
    expect(judged(new SamePositives({of: 'samples'}), [0.02, 0.01], [0.9, 0.02], [2, 1]).value).to.equal(0)
  })

  it('counts equal decisions where nearly all are yes', () => {
    const reference = Array.from({length: 100}, () => 0.9)
    const other = reference.map((score, index) => (index < 3 ? 0.1 : score))
    expect(judged(new SamePositives({of: 'samples'}), reference, other, [100, 1]).value).to.equal(0.97)
  })
})

describe('SamePlaces', () => {
  it('leaves the background out, which wins most places', () => {
    // six places of three classes: four background, one of class 1, one of class 2 that is lost
    const winners = (labels: number[]) => labels.flatMap((label) => [0, 1, 2].map((one) => (one === label ? 1 : 0)))
    const result = judged(new SamePlaces(2), winners([0, 0, 0, 0, 1, 2]), winners([0, 0, 0, 0, 1, 0]), [1, 6, 3])
    // kept 1, 2 in the reference, 1 in the other
    expect(result.value).to.be.closeTo(2 / 3, 1e-9)
    expect(result.details.places).to.equal(2)
  })

  it('takes places without a score above the threshold for empty', () => {
    const scores = [0.1, 0.2, 0.8, 0.1, 0.1, 0.1]
    expect(judged(new SamePlaces(2, 0.5), scores, [0.2, 0.1, 0.8, 0.1, 0.1, 0.3], [1, 3, 2]).value).to.equal(1)
    expect(judged(new SamePlaces(2, 0.5), scores, [0.2, 0.1, 0.3, 0.1, 0.1, 0.3], [1, 3, 2]).value).to.equal(0)
  })

  it('finds classes along any axis', () => {
    // [1, 2, 2, 1]: classes before the places
    expect(judged(new SamePlaces(1), [1, 0, 0, 1], [1, 1, 0, 0], [1, 2, 2, 1]).value).to.be.closeTo(0.5, 1e-9)
  })
})

describe('SameLines', () => {
  it('joins repeats, leaves the blank out, and holds whole lines against each other', () => {
    const path = (labels: number[]) => labels.flatMap((label) => [0, 1, 2].map((one) => (one === label ? 9 : 0)))
    const reference = [...path([0, 1, 1, 0, 2]), ...path([2, 0, 2, 0, 0])]
    // the same line at other steps; and one symbol less
    const other = [...path([1, 0, 0, 2, 2]), ...path([2, 2, 2, 0, 0])]
    const {value, details} = judged(new SameLines(), reference, other, [2, 5, 3])
    expect(value).to.equal(0.5)
    expect(details).to.deep.equal({lines: 2, symbols: 4})
  })
})

describe('SameDirection', () => {
  it('is the mean cosine of rows, and counts neighbours that stay', () => {
    expect(judged(new SameDirection(), [1, 0, 0, 2], [3, 0, 0, 2], [2, 2]).value).to.be.closeTo(1, 1e-12)
    expect(judged(new SameDirection(), [1, 0, 0, 2], [0, 1, 0, 2], [2, 2]).value).to.be.closeTo(0.5, 1e-12)
    // 16 directions around a circle; turned all together they keep their neighbours, mixed they do not
    const turned = (by: (index: number) => number) =>
      Array.from({length: 16}, (_, index) => [Math.cos(by(index)), Math.sin(by(index))]).flat()
    const angle = (index: number) => 0.3 * index + 0.01 * index * index
    const kept = judged(
      new SameDirection(),
      turned(angle),
      turned((index) => angle(index) + 1),
      [16, 2],
    )
    expect(kept.details.neighbours).to.equal(1)
    const mixed = judged(
      new SameDirection(),
      turned(angle),
      turned((index) => angle((7 * index) % 16)),
      [16, 2],
    )
    expect(mixed.details.neighbours).to.be.below(0.9)
  })
})

describe('SameNumbers', () => {
  it('is R² of the worst column, whatever the scale of the others', () => {
    const result = judged(new SameNumbers(), [1000, 1, 2000, 2, 3000, 3], [1001, 1, 1999, 2, 3000, 1], [3, 2])
    // column 2: errors 4, variance 2
    expect(result.value).to.equal(0)
    expect(judged(new SameNumbers(), [1, 2, 3], [1, 2, 4], [3, 1]).value).to.be.closeTo(0.5, 1e-12)
  })

  it('judges numbers that do not vary by their squares, and sees NaN', () => {
    expect(judged(new SameNumbers(), [10, 10], [10, 9], [2, 1]).value).to.be.closeTo(1 - 1 / 200, 1e-9)
    expect(judged(new SameNumbers(), [1, 2], [1, Number.NaN], [2, 1]).value).to.equal(0)
    const inf = Number.POSITIVE_INFINITY
    expect(judged(new SameNumbers(), [1, inf, 3], [1, inf, 3], [3, 1]).value).to.equal(1)
  })
})

describe('SameValues', () => {
  it('counts what only one side has as different', () => {
    expect(judged(new SameValues(), [1, 2, 3], [1, 5], [3]).value).to.be.closeTo(1 / 3, 1e-12)
  })
})

describe('SamePeaks', () => {
  it('takes a peak that moved by one cell for the same', () => {
    const plane = (...cells: number[]) => Array.from({length: 16}, (_, cell) => (cells.includes(cell) ? 0.9 : 0))
    const peaks = () => new SamePeaks({height: 4, width: 4})
    expect(judged(peaks(), plane(5), plane(10), [1, 4, 4, 1]).value).to.equal(1)
    expect(judged(peaks(), plane(5), plane(7), [1, 4, 4, 1]).value).to.equal(0)
    // the end of a row is not beside the beginning of the next
    expect(judged(peaks(), plane(3), plane(4), [1, 4, 4, 1]).value).to.equal(0)
    expect(judged(peaks(), plane(), plane(), [1, 4, 4, 1]).value).to.equal(null)
  })
})

describe('SameDetections', () => {
  const found = (
    reference: {scores: number[]; boxes: number[]},
    other: {scores: number[]; boxes: number[]},
    options = {areLogits: false},
  ) => {
    const detections = new SameDetections(options)
    const side = ({scores, boxes}: typeof reference) => ({
      ...{scores: Float32Array.from(scores), boxes: Float32Array.from(boxes), classes: 1},
      scoreAt: (_: number, place: number) => ({start: place, step: 1}),
      boxAt: (_: number, place: number) => ({start: 4 * place, step: 1}),
    })
    detections.add(side(reference), side(other), {samples: 1, places: reference.scores.length})
    return detections
  }
  const boxes = [0, 0, 10, 10, 1, 1, 10, 10, 50, 50, 60, 60]

  it('counts objects, not places: one of two that overlap may go', () => {
    const same = found({scores: [0.9, 0.8, 0.7], boxes}, {scores: [0.9, 0.2, 0.7], boxes})
    expect(same.found()).to.deep.include({value: 1, details: {threshold: 0.5, found: 2, foundNow: 2}})
    const lost = found({scores: [0.9, 0.8, 0.7], boxes}, {scores: [0.9, 0.8, 0.2], boxes})
    expect(lost.found()?.value).to.be.closeTo(2 / 3, 1e-12)
  })

  it('judges boxes where something was found, as corners or as middles', () => {
    const moved = [0, 0, 10, 10, 1, 1, 10, 10, 90, 90, 99, 99]
    expect(
      found({scores: [0.9, 0.8, 0.7], boxes}, {scores: [0.9, 0.8, 0.7], boxes: moved}).boxes()?.value,
    ).to.be.closeTo(2 / 3, 1e-12)
    const middles = [50, 50, 4, 4, 80, 80, 6, 6]
    expect(found({scores: [0.9, 0.9], boxes: middles}, {scores: [0.9, 0.9], boxes: middles}).found()?.value).to.equal(1)
  })

  it('leaves offsets alone that are no boxes, and is silent where nothing is found', () => {
    const offsets = [0.1, -0.2, -0.3, 0.1, -1, -2, 0.4, -0.1]
    expect(found({scores: [0.9, 0.9], boxes: offsets}, {scores: [0.9, 0.9], boxes: offsets}).found()).to.equal(
      undefined,
    )
    expect(found({scores: [0.01, 0.02, 0], boxes}, {scores: [0.9, 0, 0], boxes}).found()).to.equal(undefined)
  })
})

describe('SameSelection', () => {
  const selected = (rows: number[][], boxes?: number[]) => ({
    rows: Float64Array.from(rows.flat()),
    boxes: boxes && {values: Float32Array.from(boxes), places: boxes.length / 4},
  })

  it('takes another place for the same object when its box overlaps, not when it does not', () => {
    const boxes = [0, 0, 10, 10, 1, 0, 11, 10, 50, 50, 60, 60]
    const same = new SameSelection()
    same.add(selected([[0, 1, 0]], boxes), selected([[0, 1, 1]], boxes))
    expect(same.result().value).to.equal(1)
    const other = new SameSelection()
    other.add(selected([[0, 1, 0]], boxes), selected([[0, 1, 2]], boxes))
    expect(other.result().value).to.equal(0)
  })

  it('goes by places alone without boxes, whatever their order, and by classes always', () => {
    const same = new SameSelection()
    same.add(
      selected([
        [0, 1, 5],
        [0, 2, 7],
      ]),
      selected([
        [0, 2, 7],
        [0, 3, 5],
      ]),
    )
    // one of two and two
    expect(same.result().value).to.equal(1 / 2)
  })
})
