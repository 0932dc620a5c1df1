import {expect} from 'chai'
import type {ResampleFilter} from '../../../src/data/dataset.js'
import {coefficientsOf} from '../../../src/data/images/resample-filter.js'

const FILTERS: readonly ResampleFilter[] = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos']

/** The weights of one output line by input line. */
function rowOf(length: number, size: number, filter: ResampleFilter, line: number): number[] {
  const {from, counts, weights, reach} = coefficientsOf(length, size, filter)
  const row = new Array<number>(length).fill(0)
  for (let tap = 0; tap < (counts[line] as number); tap++)
    row[(from[line] as number) + tap] = weights[line * reach + tap] as number
  return row
}

describe('coefficientsOf', () => {
  it('mixes every line of weights that sum to 1, within the image', () => {
    for (const filter of FILTERS) {
      for (const [length, size] of [
        [1, 1],
        [1, 7],
        [7, 1],
        [5, 8],
        [8, 5],
        [97, 3],
      ] as const) {
        const {from, counts} = coefficientsOf(length, size, filter)
        for (let line = 0; line < size; line++) {
          const sum = rowOf(length, size, filter, line).reduce((total, weight) => total + weight, 0)
          expect(sum, `${filter} ${length} to ${size}, line ${line}`).to.be.closeTo(1, 1e-12)
          expect((from[line] as number) + (counts[line] as number)).to.be.within(1, length)
        }
      }
    }
  })

  it('is the mean of neighbours for a box, and of one line for the nearest', () => {
    expect(rowOf(4, 2, 'box', 0)).to.deep.equal([0.5, 0.5, 0, 0])
    expect(rowOf(4, 2, 'nearest', 0)).to.deep.equal([0, 1, 0, 0])
    expect(rowOf(2, 4, 'nearest', 1)).to.deep.equal([1, 0])
  })

  it('is a straight line between two lines when a bilinear filter enlarges', () => {
    expect(rowOf(2, 4, 'bilinear', 1)).to.deep.equal([0.75, 0.25])
    expect(rowOf(2, 4, 'bilinear', 0)).to.deep.equal([1, 0])
  })

  it('copies where nothing changes, whatever the filter', () => {
    for (const filter of FILTERS) {
      rowOf(5, 5, filter, 2).forEach((weight, index) => {
        expect(weight, filter).to.be.closeTo(index === 2 ? 1 : 0, 1e-12)
      })
    }
  })

  it('treats both ends alike', () => {
    for (const filter of FILTERS.filter((name) => name !== 'nearest')) {
      const [first, last] = [rowOf(9, 4, filter, 0), rowOf(9, 4, filter, 3).reverse()]
      first.forEach((weight, index) => {
        expect(weight, filter).to.be.closeTo(last[index] as number, 1e-12)
      })
    }
  })
})
