import {expect} from 'chai'
import {isPruned} from '../../../src/train/loop/is-pruned.js'

describe('isPruned', () => {
  const of = (shape: readonly number[], zeros: number) => {
    const length = shape.reduce((product, size) => product * size, 1)
    const initial = [Float32Array.from({length}, (_, index) => (index < zeros ? 0 : 1))]
    return isPruned({parameters: [{name: 'w', shape, gradient: 'g', decays: true}], initial})
  }

  it('is a weight with zeros that are no accident', () => {
    expect(of([20, 50], 500)).to.equal(true)
    expect(of([20, 50], 10)).to.equal(true)
    expect(of([20, 50], 9)).to.equal(false)
    expect(of([20, 50], 0)).to.equal(false)
  })

  it('is no bias that starts at zero', () => {
    expect(of([50], 50)).to.equal(false)
  })
})
