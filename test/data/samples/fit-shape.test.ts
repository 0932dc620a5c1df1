import {expect} from 'chai'
import {describeShape, fitShape} from '../../../src/data/samples/fit-shape.js'
import type {Dim} from '../../../src/ir/dim.js'

describe('fitShape', () => {
  const fits: [row: number[], want: Dim[], fitted: number[]][] = [
    [
      [28, 28],
      [1, 28, 28],
      [1, 28, 28],
    ],
    [
      [1, 28, 28],
      [28, 28],
      [28, 28],
    ],
    [[], [1], [1]],
    [[1], [], []],
    [
      [7, 64],
      ['T', 64],
      [7, 64],
    ],
    [[5], [1, undefined], [1, 5]],
    [
      [28, 28],
      [28, 28, 1],
      [28, 28, 1],
    ],
  ]
  for (const [row, want, fitted] of fits) {
    it(`fits [${row}] into ${describeShape(want)}`, () => {
      expect(fitShape(row, want)).to.deep.equal(fitted)
    })
  }

  const misfits: [row: number[], want: Dim[]][] = [
    [[28, 28], [784]],
    [
      [28, 27],
      [1, 28, 28],
    ],
    [[3, 4], [3]],
    [[], [2]],
    [[2], []],
  ]
  for (const [row, want] of misfits) {
    it(`does not fit [${row}] into ${describeShape(want)}`, () => {
      expect(fitShape(row, want)).to.equal(undefined)
    })
  }
})
