import {expect} from 'chai'
import {openData} from '../../../src/data/open-data.js'
import {port, readBatches} from '../../support/data-reading.js'

const SPEC = {
  path: 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz',
  preprocess: {scale: 1 / 255, mean: [0.286], std: [0.353]},
  seed: 0,
  limit: 50,
}
const INPUTS = [port('x', 'float32', ['N', 1, 28, 28])]
const BATCH = 8

describe('OpenedSamples', () => {
  it('writes batches into two arrays in turn where that is asked for, and gives what it gives without', async () => {
    const [fresh, reused] = [await openData(SPEC, INPUTS), await openData(SPEC, INPUTS, {keepBytes: 2 ** 24})]
    const arrays = new Set<unknown>()
    for (let seed = 0; seed < 2; seed++) {
      const others = fresh.round({seed, skip: 0}).batches(BATCH)[Symbol.asyncIterator]()
      for await (const {inputs, size} of reused.round({seed, skip: 0}).batches(BATCH, {reuse: true})) {
        const {value} = await others.next()
        expect(inputs.x?.data).to.deep.equal(value.inputs.x.data)
        if (size === BATCH) arrays.add(inputs.x?.data)
      }
    }
    // two per round
    expect(arrays.size).to.equal(4)
  })

  it('brings labels along with the samples of a round', async () => {
    const dataset = await openData(SPEC, INPUTS)
    const round = dataset.round({seed: 3, skip: 10})
    expect(round.sampleCount).to.equal(40)
    round.labels?.forEach((label, position) => {
      expect(label).to.equal(dataset.labels?.[round.keptAt(position)])
    })
    expect(new Set(round.labels).size).to.be.above(5)
  })

  it('augments the batches of a round, a part of it like the whole', async () => {
    const dataset = await openData(SPEC, INPUTS)
    const batchesFrom = (skip: number) => {
      return readBatches(dataset.round({seed: 1, skip, augment: ['flip', 'shift', 'crop']}), BATCH)
    }
    const [[first, second], [later]] = [await batchesFrom(0), await batchesFrom(BATCH)]
    expect(later).to.deep.equal(second)
    expect(later).not.to.deep.equal(first)
    const [, plain] = await readBatches(dataset.round({seed: 1, skip: 0}), BATCH)
    expect(second).not.to.deep.equal(plain)
  })
})
