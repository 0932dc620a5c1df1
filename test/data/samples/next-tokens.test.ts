import {expect} from 'chai'
import {memoryArray} from '../../../src/data/samples/memory-array.js'
import {readNextTokens} from '../../../src/data/samples/next-tokens.js'
import {sampleOrder} from '../../../src/data/samples/sample-order.js'
import type {DType} from '../../../src/ir/dtype.js'
import {errorOf, port} from '../../support/data-reading.js'

describe('readNextTokens', () => {
  const array = (name: string, shape: readonly number[], values: readonly number[], dtype: DType = 'int32') =>
    memoryArray(
      {name, where: `x.npz: ${name}`, dtype, shape},
      dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values),
    )
  const matched = (...arrays: ReturnType<typeof array>[]) => ({
    inputs: arrays.map((one) => ({array: one, input: port(one.name, 'int64', ['N', 'T'])})),
    labels: arrays[0],
    areNext: true,
    notes: [],
  })
  const tokens = array('input_ids', [2, 3], [11, 12, 13, 21, 22, 23])
  const all = sampleOrder(2, {seed: 0}, 'x')

  it('gives each place the token after it, and the last one none', async () => {
    expect([...(await readNextTokens(matched(tokens), all))]).to.deep.equal([12, 13, -100, 22, 23, -100])
  })

  it('follows the order of the samples', async () => {
    const second = sampleOrder(2, {seed: 0, offset: 1}, 'x')
    expect([...(await readNextTokens(matched(tokens), second))]).to.deep.equal([22, 23, -100])
  })

  it('leaves out what the mask calls padding', async () => {
    const mask = array('attention_mask', [2, 3], [1, 1, 0, 0, 1, 1])
    expect([...(await readNextTokens(matched(tokens, mask), all))]).to.deep.equal([12, -100, -100, 22, 23, -100])
    const other = array('mask_of_images', [2], [0, 0])
    expect([...(await readNextTokens(matched(tokens, other), all))]).to.deep.equal([12, 13, -100, 22, 23, -100])
  })

  it('refuses what are no tokens', async () => {
    const pixels = array('pixels', [2, 2], [0, 1, 2, 3], 'float32')
    const {message} = await errorOf(readNextTokens(matched(pixels), all))
    expect(message).to.equal(
      '--label-column pixels: expected tokens [N, T] to judge each by the next, got [2, 2] float32',
    )
    await errorOf(readNextTokens(matched(array('one', [2, 1], [1, 2])), all))
  })
})
