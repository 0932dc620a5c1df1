import {expect} from 'chai'
import type {Feeds} from '../../../src/data/dataset.js'
import {openData} from '../../../src/data/open-data.js'
import {readFeeds} from '../../../src/data/samples/feed-values.js'
import {fedInput} from '../../../src/data/samples/fit-feed.js'
import {DataError, UsageError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readBatches} from '../../support/data-reading.js'
import {npyOf} from '../../support/npy-writer.js'

const folder = new DataFolder()

async function fed(text: string, dtype: 'float32' | 'int64' | 'bool', shape: number[]): Promise<number[]> {
  const {v} = await readFeeds({v: text})
  if (!v) throw new Error('no value')
  return Array.from(fedInput(port('v', dtype, shape), v, shape).data as ArrayLike<number | bigint>, Number)
}

after(() => folder.remove())

describe('readFeeds', () => {
  it('reads numbers, words and lists, in the type of the input', async () => {
    expect(await fed('16000', 'int64', [])).to.deep.equal([16_000])
    expect(await fed('1e-3', 'float32', [1])).to.deep.equal([Math.fround(0.001)])
    expect(await fed('zeros', 'float32', [2, 2])).to.deep.equal([0, 0, 0, 0])
    expect(await fed('true', 'bool', [])).to.deep.equal([1])
    expect(await fed('640,480', 'int64', [2, 2])).to.deep.equal([640, 480, 640, 480])
  })

  it('keeps integers of 64 bits whole', async () => {
    const {v} = await readFeeds({v: '9007199254740993'})
    expect(v?.data).to.deep.equal(BigInt64Array.of(9_007_199_254_740_993n))
  })

  it('reads an .npy file, and repeats its sizes of 1', async () => {
    const path = folder.write('h.npy', npyOf(Float32Array.of(1, 2), [2, 1, 1]))
    expect(await fed(path, 'float32', [2, 2, 2])).to.deep.equal([1, 1, 1, 1, 2, 2, 2, 2])
    const scalar = folder.write('s.npy', npyOf(Float32Array.of(5), []))
    expect(await fed(scalar, 'float32', [1, 2])).to.deep.equal([5, 5])
  })

  it('refuses what is no value, does not fit, or cannot be cast', async () => {
    expect(await errorOf(readFeeds({h: 'many'}))).to.be.instanceOf(UsageError)
    expect((await errorOf(readFeeds({h: '1,,2'}))).message).to.contain("got '1,,2'")
    expect((await errorOf(readFeeds({h: '99999999999999999999'}))).message).to.contain('integers of 64 bits')
    expect((await errorOf(readFeeds({h: 'missing.npy'}))).message).to.contain('no such data file')
    expect((await errorOf(fed('1,2', 'float32', [3]))).message).to.contain('got [2] int64')
    expect((await errorOf(fed('0.5', 'int64', []))).message).to.contain('--feed v, element 0: expected integers')
  })
})

describe('openData with constants', () => {
  const inputs = [port('x', 'float32', ['N', 2]), port('sr', 'int64', []), port('h', 'float32', [2, 'N', 1])]
  const path = folder.write(
    'x.npy',
    npyOf(
      Float32Array.from({length: 10}, (_, i) => i),
      [5, 2],
    ),
  )
  const open = (feeds: Feeds) => openData({path, seed: 0, feeds}, inputs)

  it('feeds them with every batch, stretched to its rows, and the data to the only input left', async () => {
    const batches = await readBatches(await open(await readFeeds({sr: '16000', h: 'zeros'})), 3)
    expect(batches.map((batch) => batch.inputs.h?.shape)).to.deep.equal([
      [2, 3, 1],
      [2, 2, 1],
    ])
    expect(batches[1]?.inputs.sr).to.deep.equal({dtype: 'int64', shape: [], data: BigInt64Array.of(16_000n)})
    expect(batches[1]?.inputs.x?.shape).to.deep.equal([2, 2])
  })

  it('refuses a name that is no input, and names --feed where an input is left without data', async () => {
    const unknown = await errorOf(open(await readFeeds({rate: '1'})))
    expect(unknown).to.be.instanceOf(UsageError)
    expect(unknown.message).to.equal('--feed rate: the model has no such input')
    expect(unknown.hint).to.equal('Its inputs: x, sr, h')
    const missing = await errorOf(open(await readFeeds({sr: '16000'})))
    expect(missing).to.be.instanceOf(DataError)
    expect(missing.hint).to.contain('a constant with --feed x=VALUE')
  })

  it('refuses a state of other sizes than the batch', async () => {
    const h = {dtype: 'float32', shape: [2, 3, 1], data: new Float32Array(6)} as const
    const error = await errorOf(open({...(await readFeeds({sr: '1'})), h}))
    expect(error.message).to.contain('--feed h: expected a value for [2, N, 1] float32, here [2, 1, 1], got [2, 3, 1]')
  })
})
