import {expect} from 'chai'
import {BugError, NonFiniteError} from '../../../../src/errors.js'
import {float32, withSlices} from '../../../../src/ir/tensor.js'
import {channelLayout} from '../../../../src/passes/quantize/numbers/channel-layout.js'
import {fitScale} from '../../../../src/passes/quantize/numbers/fit-scale.js'
import {fittedGrids} from '../../../../src/passes/quantize/numbers/fitted-grids.js'
import {randomFloats} from '../../../support/pass-trial.js'

const range = {low: -7, high: 7}

describe('fittedGrids', () => {
  const values = randomFloats(4 * 6, 3)
  const squares = Float64Array.from({length: 6}, (_, k) => k + 1)
  const scaleOf = (own: Float32Array, importance?: Float64Array) => fitScale(own, range, importance).scale

  it('fits the rows of a weight, whatever pieces it comes in', () => {
    const weight = float32(values, [4, 6])
    const whole = fittedGrids(weight, channelLayout([4, 6], 'rows'), 'w', {range})
    expect([...whole.scales]).to.deep.equal([0, 1, 2, 3].map((row) => scaleOf(values.subarray(6 * row, 6 * row + 6))))
    const inPieces = withSlices(float32(values, [4, 6]), () => [0, 5, 10, 15, 20].map((i) => values.subarray(i, i + 5)))
    expect(fittedGrids(inPieces, channelLayout([4, 6], 'rows'), 'w', {range})).to.deep.equal(whole)
  })

  it('fits columns, each with the importance of the rows', () => {
    const layout = channelLayout([6, 4], 1)
    const {scales} = fittedGrids(float32(values, [6, 4]), layout, 'w', {range, squares})
    const column = (c: number) => Float32Array.from({length: 6}, (_, k) => values[4 * k + c] as number)
    expect([...scales]).to.deep.equal([0, 1, 2, 3].map((c) => scaleOf(column(c), squares)))
  })

  it('gives each block its own part of the importance', () => {
    const {scales} = fittedGrids(float32(values, [4, 2, 3]), channelLayout([4, 2, 3], 'rows'), 'w', {range, squares})
    const block = (b: number) =>
      scaleOf(values.subarray(3 * b, 3 * b + 3), b % 2 ? squares.slice(3, 6) : squares.slice(0, 3))
    expect([...scales]).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7].map(block))
  })

  it('gives a channel of zeros the scale of the largest', () => {
    const some = Float32Array.of(0, 0, 1, 7)
    const {scales} = fittedGrids(float32(some, [2, 2]), channelLayout([2, 2], 'rows'), 'w', {range})
    expect([...scales]).to.deep.equal([1, 1])
  })

  it('refuses what is not finite, and importance that does not fit', () => {
    const bad = Float32Array.of(1, 2, Number.NaN, 4)
    const layout = channelLayout([2, 2], 'rows')
    expect(() => fittedGrids(float32(bad, [2, 2]), layout, 'w', {range})).to.throw(NonFiniteError, 'channel 1')
    const good = float32(values.subarray(0, 4), [2, 2])
    expect(() => fittedGrids(good, layout, 'w', {range, squares: new Float64Array(3)})).to.throw(BugError)
  })
})
