import {expect} from 'chai'
import {KnownRanges} from '../../../src/pipelines/quantize/known-ranges.js'
import type {CalibrationMethod} from '../../../src/runtime/calibrate/calibrate.js'

const WIDTHS: Readonly<Record<CalibrationMethod, number>> = {minmax: 8, mse: 6, percentile: 7, entropy: 5}

/** Ranges that tell the method, and the pass, they came from; 'empty' never has an element. */
function measuring() {
  const asked: (readonly string[])[] = []
  const ranges = new KnownRanges(async (tensors) => {
    const pass = asked.push(tensors)
    const seen = tensors.filter((name) => name !== 'empty')
    return {
      rangesBy: (method) => new Map(seen.map((name) => [name, {min: -pass, max: WIDTHS[method]}])),
    }
  })
  return {asked, ranges}
}
const NONE: ReadonlySet<string> = new Set()

describe('KnownRanges', () => {
  it('measures each tensor once, whatever the method, also one that has no elements', async () => {
    const {asked, ranges} = measuring()
    await ranges.by('minmax', true)(['a', 'empty'], NONE)
    const second = await ranges.by('mse', true)(['empty', 'a', 'b'], NONE)
    await ranges.by('percentile', true)(['a', 'b', 'empty'], NONE)
    expect(asked).to.deep.equal([['a', 'empty'], ['b']])
    expect([...second]).to.deep.equal([
      ['a', {min: -1, max: 6}],
      ['b', {min: -2, max: 6}],
    ])
  })

  it('gives the extremes of what must not be cut off', async () => {
    const {ranges} = measuring()
    const found = await ranges.by('percentile', true)(['a', 'b'], new Set(['b']))
    expect([...found].map(([name, {max}]) => [name, max])).to.deep.equal([
      ['a', 7],
      ['b', 8],
    ])
    const asked = await ranges.by('percentile', false)(['b'], new Set(['b']))
    expect(asked.get('b')?.max, 'asked for by name').to.equal(7)
  })
})
