import {expect} from 'chai'
import {zeroLayer} from '../../src/ir/zero-layer.js'
import {randomFloats} from '../support/pass-trial.js'

/** A weight of rows of 9, as a depthwise 3 × 3 convolution has. */
const LAYOUT = {rows: 8, inner: 9}

const layer = (seed: number, scale: number) => randomFloats(72, seed, scale)

describe('zeroLayer', () => {
  it('keeps the largest weight of every row while it can, and zeroes exactly as many as asked', () => {
    for (const zeros of [0, 10, 36, 64, 65, 72]) {
      // one channel is far smaller than the others
      const values = layer(11, 1).map((value, i) => (i < 9 ? value * 1e-5 : value))
      const before = values.slice()
      zeroLayer(values, LAYOUT, zeros)
      expect(values.filter((value) => value === 0)).to.have.length(zeros)
      const dead = Array.from({length: 8}, (_, row) => values.subarray(9 * row, 9 * row + 9)).filter((row) =>
        row.every((value) => value === 0),
      )
      expect(dead.length, `${zeros} zeros`).to.equal(zeros <= 64 ? 0 : zeros === 72 ? 8 : 1)
      values.forEach((value, i) => {
        if (value !== 0) expect(value).to.equal(before[i])
      })
    }
  })

  it('counts rows along any axis', () => {
    // [3, 2]: the columns are the channels
    const values = Float32Array.of(1, 0.1, 2, 0.3, 3, 0.2)
    zeroLayer(values, {rows: 2, inner: 1}, 4)
    expect([...values]).to.deep.equal([0, 0, 0, Math.fround(0.3), 3, 0])
  })
})
