import {expect} from 'chai'
import {type LayerProfile, layerProfile} from '../../src/ir/layer-profile.js'
import {shareZeros} from '../../src/ir/share-zeros.js'
import {randomFloats} from '../support/pass-trial.js'

/** A weight of rows of 9, as a depthwise 3 × 3 convolution has. */
const LAYOUT = {rows: 8, inner: 9}

const profile = (values: Float32Array) => layerProfile(values, LAYOUT) as LayerProfile

const layer = (seed: number, scale: number) => randomFloats(72, seed, scale)

describe('shareZeros', () => {
  it('does not look at the scale of a layer, only at what its weights are to each other', () => {
    const [even, uneven] = [
      shareZeros(70, [profile(layer(1, 1)), profile(layer(2, 1))]),
      shareZeros(70, [profile(layer(1, 1e-4)), profile(layer(2, 300))]),
    ]
    expect(uneven).to.deep.equal(even)
    expect(even[0] ?? 0).to.be.within(25, 45)
  })

  it('takes more from a layer that is mostly next to nothing', () => {
    const sparse = layer(3, 1).map((value, i) => (i % 3 === 0 ? value : value * 1e-3))
    const [first = 0, second = 0] = shareZeros(60, [profile(sparse), profile(layer(4, 1))])
    expect(first + second).to.equal(60)
    expect(first).to.be.above(1.5 * second)
  })

  for (const total of [0, 1, 40, 100, 130, 143, 144]) {
    it(`shares out exactly ${total} of 144`, () => {
      const quotas = shareZeros(total, [profile(layer(5, 1)), profile(layer(6, 0.01))])
      expect(quotas.reduce((sum, quota) => sum + quota, 0)).to.equal(total)
    })
  }

  it('keeps 75 % of the density asked for in every layer', () => {
    const nothing = layer(7, 1).map((value, i) => (i < 2 ? 1000 : value * 1e-6))
    const quotas = shareZeros(72, [profile(nothing), profile(layer(8, 1))])
    expect(quotas).to.deep.equal([Math.floor(72 * 0.625), 72 - Math.floor(72 * 0.625)])
  })

  it('leaves zeros that are there, however many', () => {
    const pruned = layer(9, 1).fill(0, 0, 70)
    expect(shareZeros(36, [profile(pruned), profile(layer(10, 1))])).to.deep.equal([70, 0])
  })
})
