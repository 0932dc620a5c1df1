import {expect} from 'chai'
import {NonFiniteError} from '../../../../src/errors.js'
import {float32} from '../../../../src/ir/tensor.js'
import {channelLayout} from '../../../../src/passes/quantize/numbers/channel-layout.js'
import {channelScales} from '../../../../src/passes/quantize/numbers/channel-scales.js'

describe('channelScales', () => {
  it('is the largest magnitude of each channel over 127', () => {
    const scales = channelScales(float32([1, -12.7, 0, 2, 6.35, -3]), channelLayout([2, 3], 0), 'w')
    expect([...scales]).to.deep.equal([Math.fround(Math.fround(12.7) / 127), Math.fround(Math.fround(6.35) / 127)])
  })

  it('takes another peak, and channels that are not contiguous', () => {
    const scales = channelScales(float32([64, 1, -2, 32]), channelLayout([2, 2], 1), 'w', 64)
    expect([...scales]).to.deep.equal([1, 0.5])
  })

  it('gives a channel of zeros or denormals the largest scale of the others, or 1: nothing divides by 0', () => {
    expect([...channelScales(float32([0, -0, 1e-44, 0]), channelLayout([2, 2], 0), 'w')]).to.deep.equal([1, 1])
    expect([...channelScales(float32([0, 127, 254]), channelLayout([3, 1], 0), 'w')]).to.deep.equal([2, 1, 2])
  })

  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses ${bad} and names the channel`, () => {
      const run = () => channelScales(float32([1, 2, bad, 3]), channelLayout([2, 2], 0), 'conv.w')
      expect(run).to.throw(NonFiniteError, /'conv\.w'.*channel 1/)
    })
  }
})
