import {expect} from 'chai'
import {keptArray} from '../../../src/data/samples/kept-array.js'
import {memoryArray} from '../../../src/data/samples/memory-array.js'
import type {SampleArray} from '../../../src/data/samples/sample-array.js'
import {roundOf, type SampleOrder, sampleOrder} from '../../../src/data/samples/sample-order.js'

const COUNT = 20
const ROWS = Uint8Array.from({length: 2 * COUNT}, (_, index) => index)

describe('keptArray', () => {
  it('reads every sample once, in whatever order they are asked for', async () => {
    const {array, readings} = counted()
    const kept = keptArray(array, 1000)
    const order = sampleOrder(COUNT, {seed: 0}, 'x')
    for (const seed of [1, 2]) {
      const round = roundOf(order, {seed, skip: 0})
      expect(await readAll(kept, round)).to.deep.equal(await readAll(counted().array, round))
    }
    expect(readings).to.deep.equal(Array(COUNT).fill(1))
  })

  it('goes on where a reading was given up', async () => {
    const {array, readings} = counted()
    const kept = keptArray(array, 1000)
    const order = sampleOrder(COUNT, {seed: 0}, 'x')
    const reader = await kept.open(order)
    await reader.read(0, 7)
    await reader.close()
    expect(readings.slice(0, 8)).to.deep.equal([1, 1, 1, 1, 1, 1, 1, 0])
    expect(await readAll(kept, roundOf(order, {seed: 4, skip: 3}))).to.have.length(2 * (COUNT - 3))
    expect(Math.max(...readings)).to.equal(1)
  })

  it('hands out rows that the caller may modify', async () => {
    const kept = keptArray(counted().array, 1000)
    const order = sampleOrder(COUNT, {seed: 0}, 'x')
    const reader = await kept.open(order)
    ;(await reader.read(0, 2)).fill(99 as never)
    expect(await readAll(kept, order)).to.deep.equal([...ROWS])
  })

  it('leaves alone what would take more than the limit', () => {
    const {array} = counted()
    expect(keptArray(array, 2 * COUNT)).not.to.equal(array)
    expect(keptArray(array, 2 * COUNT - 1)).to.equal(array)
  })
})

/** An array that counts how often each sample is read. */
function counted(): {array: SampleArray; readings: number[]} {
  const readings = Array<number>(COUNT).fill(0)
  const source = memoryArray({name: 'a', where: 'a', dtype: 'uint8', shape: [COUNT, 2]}, ROWS)
  const array: SampleArray = {
    ...source,
    async open(order) {
      const reader = await source.open(order)
      return {
        read(from, count) {
          for (let position = from; position < from + count; position++)
            readings[order.at(position)] = (readings[order.at(position)] ?? 0) + 1
          return reader.read(from, count)
        },
        close: () => reader.close(),
      }
    },
  }
  return {array, readings}
}

async function readAll(array: SampleArray, order: SampleOrder): Promise<number[]> {
  const reader = await array.open(order)
  const values: number[] = []
  for (let from = 0; from < order.count; from += 3) {
    values.push(...((await reader.read(from, Math.min(3, order.count - from))) as Uint8Array))
  }
  await reader.close()
  return values
}
