import {expect} from 'chai'
import {NonFiniteError} from '../../../src/errors.js'
import {channelLayout} from '../../../src/passes/quantize/channel-layout.js'
import {channelScales} from '../../../src/passes/quantize/channel-scales.js'

describe('channelScales', () => {
  it('is the largest magnitude of each channel over 127', () => {
    const scales = channelScales(Float32Array.of(1, -12.7, 0, 2, 6.35, -3), channelLayout([2, 3], 0), 'w')
    expect([...scales]).to.deep.equal([Math.fround(Math.fround(12.7) / 127), Math.fround(Math.fround(6.35) / 127)])
  })

  it('takes another peak, and channels that are not contiguous', () => {
    const scales = channelScales(Float32Array.of(64, 1, -2, 32), channelLayout([2, 2], 1), 'w', 64)
    expect([...scales]).to.deep.equal([1, 0.5])
  })

  it('gives 1 to a channel of zeros or denormals, so that nothing divides by 0', () => {
    expect([...channelScales(Float32Array.of(0, -0, 1e-44, 0), channelLayout([2, 2], 0), 'w')]).to.deep.equal([1, 1])
  })

  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses ${bad} and names the channel`, () => {
      const run = () => channelScales(Float32Array.of(1, 2, bad, 3), channelLayout([2, 2], 0), 'conv.w')
      expect(run).to.throw(NonFiniteError, /'conv\.w'.*channel 1/)
    })
  }
})
