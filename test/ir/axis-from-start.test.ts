import {expect} from 'chai'
import {axisFromStart} from '../../src/ir/axis-from-start.js'

describe('axisFromStart', () => {
  it('counts negative axes from the end', () => {
    expect([0, 2, -1, -3].map((axis) => axisFromStart(axis, 3))).to.deep.equal([0, 2, 2, 0])
  })
})
