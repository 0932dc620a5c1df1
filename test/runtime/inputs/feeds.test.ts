import {expect} from 'chai'
import type {Tensor} from 'onnxruntime-node'
import type {Dataset} from '../../../src/data/dataset.js'
import {DataError} from '../../../src/errors.js'
import {feedBatches, firstFeeds, openSource, toFeeds} from '../../../src/runtime/inputs/feeds.js'
import type {InputPlan} from '../../../src/runtime/inputs/plan-inputs.js'

/** Where nobody says how many. */
const DRAWS = 4
const PLAN: InputPlan = {name: 'x', dtype: 'float32', shape: [3, 2], fill: {kind: 'normal'}}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of source) found.push(one)
  return found
}

describe('toFeeds', () => {
  it('makes tensors over the arrays, for inputs of any name', () => {
    const data = Float32Array.of(1, 2)
    const feeds = toFeeds(Object.fromEntries([['__proto__', {dtype: 'float32', shape: [1, 2], data}]]))
    const [[name, tensor] = []] = Object.entries(feeds)
    expect(name).to.equal('__proto__')
    expect(tensor?.data).to.equal(data)
    expect(tensor?.dims).to.deep.equal([1, 2])
  })
})

describe('openSource', () => {
  it('draws synthetic values anew for each batch, the same for the same seed', async () => {
    const drawn = async (seed: number) => {
      const {total, batches} = await openSource({kind: 'synthetic', plan: [PLAN], seed}, [], 1)
      expect(total).to.equal(3 * DRAWS)
      return (await all(batches())).map(({feeds, size, fed}) => {
        expect([size, fed]).to.deep.equal([3, 3])
        return Array.from((feeds.x as Tensor).data as Float32Array).join()
      })
    }
    const first = await drawn(7)
    expect(new Set(first).size).to.equal(DRAWS)
    expect(await drawn(7)).to.deep.equal(first)
  })

  it('counts a model without axes as one row', async () => {
    const scalar: InputPlan = {...PLAN, shape: []}
    expect((await openSource({kind: 'synthetic', plan: [scalar], seed: 0, draws: 2}, [], 1)).total).to.equal(2)
  })
})

describe('firstFeeds', () => {
  it('is the first batch, and an error where there is none', async () => {
    const one = await firstFeeds({kind: 'synthetic', plan: [PLAN], seed: 0}, [], 1)
    expect(Object.keys(one)).to.deep.equal(['x'])
    const error = await firstFeeds({kind: 'synthetic', plan: [PLAN], seed: 0, draws: 0}, [], 1).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(DataError)
  })
})

describe('feedBatches', () => {
  it('counts the copies that fill a fixed batch as fed', async () => {
    const inputs = {x: {dtype: 'float32', shape: [4, 1], data: new Float32Array(4)}} as const
    const dataset = (fixedBatch: number | undefined) =>
      ({
        fixedBatch,
        async *batches() {
          yield {inputs, size: 3}
        },
      }) as unknown as Dataset
    const counts = async (fixed: number | undefined) =>
      (await all(feedBatches(dataset(fixed), 4))).map(({size, fed}) => [size, fed])
    expect(await counts(4)).to.deep.equal([[3, 4]])
    expect(await counts(undefined)).to.deep.equal([[3, 3]])
  })
})
