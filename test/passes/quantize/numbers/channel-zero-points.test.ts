import {expect} from 'chai'
import {NonFiniteError} from '../../../../src/errors.js'
import {float32} from '../../../../src/ir/tensor.js'
import {channelLayout} from '../../../../src/passes/quantize/numbers/channel-layout.js'
import {channelZeroPoints} from '../../../../src/passes/quantize/numbers/channel-zero-points.js'
import {WEIGHT_TYPES} from '../../../../src/passes/quantize/numbers/weight-type.js'

const {uint8, uint4} = WEIGHT_TYPES
const rows = (...values: number[]) => [float32(values), channelLayout([2, values.length / 2], 0), 'w'] as const

describe('channelZeroPoints', () => {
  it("spreads each channel's range over the type", () => {
    const {scales, zeroPoints} = channelZeroPoints(...rows(-1, 0, 1.55, 0, 15, 5), uint8)
    expect([...scales]).to.deep.equal([Math.fround(2.55 / 255), 15 / 255].map(Math.fround))
    expect([...zeroPoints]).to.deep.equal([100, 0])
  })

  it('counts in the steps of 4 bits too', () => {
    const {scales, zeroPoints} = channelZeroPoints(...rows(-5, 10, 0, -15), uint4)
    expect([...scales]).to.deep.equal([1, 1])
    expect([...zeroPoints]).to.deep.equal([5, 15])
  })

  it('keeps zero inside the range of a channel that is all of one sign', () => {
    const {scales, zeroPoints} = channelZeroPoints(...rows(255, 100, -255, -200), uint8)
    expect([...scales]).to.deep.equal([1, 1])
    expect([...zeroPoints]).to.deep.equal([0, 255])
  })

  it('gives a channel of zeros or denormals scale 1 and zero point 0', () => {
    const {scales, zeroPoints} = channelZeroPoints(...rows(0, -0, 1e-44, 0), uint8)
    expect([...scales]).to.deep.equal([1, 1])
    expect([...zeroPoints]).to.deep.equal([0, 0])
  })

  it('widens scales to the bounds it is given, and moves the zero points with them', () => {
    const {scales, zeroPoints} = channelZeroPoints(...rows(-100, 155, -100, 155), uint8, Float32Array.of(2, 0.5))
    expect([...scales]).to.deep.equal([2, 1])
    expect([...zeroPoints]).to.deep.equal([50, 100])
  })

  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    it(`refuses ${bad} and names the channel`, () => {
      expect(() => channelZeroPoints(...rows(1, 2, bad, 3), uint8)).to.throw(NonFiniteError, /'w'.*channel 1/)
    })
  }
})
