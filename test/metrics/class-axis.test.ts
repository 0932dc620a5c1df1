import {expect} from 'chai'
import {classAxis, withoutAxis} from '../../src/metrics/class-axis.js'

describe('classAxis', () => {
  it('is the axis that the labels do not have', () => {
    expect(classAxis(['N', 'T', 512], [8])).to.equal(2)
    expect(classAxis(['N', 10, 'L'], [8])).to.equal(1)
    expect(classAxis(['N', 4, 6, 6], [6, 6])).to.equal(1)
    expect(classAxis(['N', 6, 6, 4], [6, 6])).to.equal(3)
    expect(classAxis(['N', 10], [])).to.equal(1)
    expect(classAxis(['N', 10, 1, 1], [])).to.equal(1)
  })

  it('is the last one for sequences and axis 1 for images where both fit', () => {
    expect(classAxis(['N', 8, 8], [8])).to.equal(2)
    expect(classAxis(['N', 8, 8, 8], [8, 8])).to.equal(1)
  })

  it('is none where labels fit no axis', () => {
    expect(classAxis(['N', 4, 5], [6])).to.equal(undefined)
    expect(classAxis(['N', 'T', 512], [])).to.equal(undefined)
    expect(classAxis(['N', 10], [10])).to.equal(undefined)
    expect(classAxis(['N', 3, 4, 5], [5, 4])).to.equal(undefined)
  })

  it('takes labels that lie one behind the other, and no free size for 1', () => {
    expect(classAxis(['N', 5, 4, 6], [24])).to.equal(1)
    expect(classAxis(['N', 5, 'H', 6], [24])).to.equal(1)
    expect(classAxis(['N', 5, 'H', 7], [24])).to.equal(undefined)
  })
})

describe('withoutAxis', () => {
  it('leaves the others in their order', () => {
    expect(withoutAxis(['N', 4, 5], 1)).to.deep.equal(['N', 5])
    expect(withoutAxis([1, 2], 7)).to.deep.equal([1, 2])
  })
})
