import {expect} from 'chai'
import {type DetectionOptions, SameDetections} from '../../../src/metrics/kinds/same-detections.js'

describe('SameDetections', () => {
  const found = (
    reference: {scores: number[]; boxes: number[]},
    other: {scores: number[]; boxes: number[]},
    options: DetectionOptions = {areLogits: false},
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

  it('does not count the class that stands for nothing, and takes logits through the sigmoid', () => {
    const nothing = found(
      {scores: [0.9, 0.8, 0.7], boxes},
      {scores: [0.9, 0.8, 0.7], boxes},
      {areLogits: false, background: 0},
    )
    expect(nothing.found()).to.equal(undefined)
    expect(nothing.boxes()).to.equal(undefined)
    // sigmoid(0.1) > 0.5: all three places pass, two overlap
    const logits = found({scores: [2, 1, 0.1], boxes}, {scores: [2, 1, -0.1], boxes}, {areLogits: true})
    expect(logits.found()).to.deep.include({details: {threshold: 0.5, found: 2, foundNow: 1}})
  })
})
