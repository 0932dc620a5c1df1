import {expect} from 'chai'
import {memoryArray} from '../../../src/data/samples/memory-array.js'
import {sampleOrder} from '../../../src/data/samples/sample-order.js'

const header = {name: '__proto__', where: 'x.npz', dtype: 'int8', shape: [3, 2]} as const

describe('memoryArray', () => {
  it('reads samples by their place in the order', async () => {
    const order = {...sampleOrder(3, {seed: 0}, 'x'), at: (position: number) => 2 - position}
    const reader = await memoryArray(header, Int8Array.of(1, 2, 3, 4, 5, 6)).open(order)
    expect(await reader.read(0, 2)).to.deep.equal(Int8Array.of(5, 6, 3, 4))
    expect(await reader.read(2, 1)).to.deep.equal(Int8Array.of(1, 2))
    await reader.close()
  })

  it('gives rows that the caller may change', async () => {
    const data = Int8Array.of(1, 2, 3, 4, 5, 6)
    const reader = await memoryArray(header, data).open(sampleOrder(3, {seed: 0}, 'x'))
    const rows = await reader.read(0, 3)
    rows.fill(0 as never)
    expect(data).to.deep.equal(Int8Array.of(1, 2, 3, 4, 5, 6))
  })

  it('has one element a sample where the shape has one axis, and none where a size is 0', async () => {
    const order = sampleOrder(2, {seed: 0}, 'x')
    const flat = await memoryArray({...header, shape: [2]}, Int8Array.of(7, 8)).open(order)
    expect(await flat.read(1, 1)).to.deep.equal(Int8Array.of(8))
    const empty = await memoryArray({...header, shape: [2, 0]}, new Int8Array()).open(order)
    expect(await empty.read(0, 2)).to.have.length(0)
  })
})
