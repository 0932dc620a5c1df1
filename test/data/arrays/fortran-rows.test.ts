import {expect} from 'chai'
import {fortranRows} from '../../../src/data/arrays/fortran-rows.js'
import {sampleOrder} from '../../../src/data/samples/sample-order.js'

const order = sampleOrder(2, {seed: 0}, 'x')
const reversed = {...order, start: undefined, at: (position: number) => 1 - position}

describe('fortranRows', () => {
  it('turns rows into C order: numpy.asfortranarray(arange(12).reshape(2, 3, 2))', async () => {
    const stored = Float32Array.of(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11)
    const reader = fortranRows(stored, 'float32', [2, 3, 2], order)
    expect(await reader.read(0, 2)).to.deep.equal(Float32Array.from({length: 12}, (_, index) => index))
    expect(await reader.read(1, 1)).to.deep.equal(Float32Array.of(6, 7, 8, 9, 10, 11))
  })

  it('follows the order of the samples, and gives rows that the caller may change', async () => {
    const stored = BigInt64Array.of(1n, 2n)
    const reader = fortranRows(stored, 'int64', [2], reversed)
    const rows = await reader.read(0, 2)
    expect(rows).to.deep.equal(BigInt64Array.of(2n, 1n))
    rows.fill(0n as never)
    expect(stored).to.deep.equal(BigInt64Array.of(1n, 2n))
  })

  it('gives nothing of rows without elements', async () => {
    expect(await fortranRows(new Float32Array(), 'float32', [2, 0, 3], order).read(0, 2)).to.have.length(0)
  })
})
