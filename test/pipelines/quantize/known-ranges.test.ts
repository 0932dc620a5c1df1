import {expect} from 'chai'
import {KnownRanges} from '../../../src/pipelines/quantize/known-ranges.js'

describe('KnownRanges', () => {
  it('asks for each tensor once, whichever copy of the model it is measured on', async () => {
    const asked: (readonly string[])[] = []
    const calibrate = async (tensors: readonly string[]) => {
      asked.push(tensors)
      return new Map(tensors.map((name) => [name, {min: -1, max: asked.length}]))
    }
    const ranges = new KnownRanges()
    await ranges.around(calibrate)?.(['a', 'b'])
    const second = await ranges.around(calibrate)?.(['b', 'c'])
    await ranges.around(calibrate)?.(['a', 'c'])

    expect(asked).to.deep.equal([['a', 'b'], ['c']])
    expect([...(second ?? [])]).to.deep.equal([
      ['b', {min: -1, max: 1}],
      ['c', {min: -1, max: 2}],
    ])
  })

  it('is nothing where nothing is calibrated', () => {
    expect(new KnownRanges().around(undefined)).to.equal(undefined)
  })
})
