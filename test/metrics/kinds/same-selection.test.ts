import {expect} from 'chai'
import {SameSelection} from '../../../src/metrics/kinds/same-selection.js'

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

  it('does not take a box of another sample for the same', () => {
    const measure = new SameSelection()
    measure.add(selected([[0, 1, 5]]), selected([[1, 1, 5]]))
    expect(measure.result().value).to.equal(0)
  })

  it('says so when nothing was selected, and leaves a row out that was cut off', () => {
    expect(new SameSelection().result().reason).to.match(/nothing was selected/)
    const measure = new SameSelection()
    measure.add(
      selected([
        [0, 1, 5],
        [0, 1],
      ]),
      selected([[0, 1, 5]]),
    )
    expect(measure.result()).to.deep.include({value: 1, details: {found: 1, foundNow: 1}})
  })
})
