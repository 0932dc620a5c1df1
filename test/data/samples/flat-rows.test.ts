import {expect} from 'chai'
import type {PreprocessSpec} from '../../../src/data/dataset.js'
import {openData} from '../../../src/data/open-data.js'
import {DataError} from '../../../src/errors.js'
import type {Dim} from '../../../src/ir/dim.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readBatches} from '../../support/data-reading.js'
import {npyOf} from '../../support/npy-writer.js'

const folder = new DataFolder()
const numbers = Float32Array.from({length: 24}, (_, i) => i)
const row = [...numbers.subarray(0, 12)]

async function shaped(path: string, shape: readonly Dim[], preprocess: PreprocessSpec = {}) {
  const dataset = await openData({path, seed: 0, preprocess}, [port('x', 'float32', ['N', ...shape])])
  const [batch] = await readBatches(dataset, 2)
  const {data, shape: found} = batch?.inputs.x ?? {data: [], shape: []}
  return {values: Array.from(data as ArrayLike<number>), shape: found, notes: dataset.notes}
}

describe('unflattened', () => {
  after(() => folder.remove())

  const files: readonly (readonly [string, () => string])[] = [
    ['npy', () => folder.write('x.npy', npyOf(numbers, [2, 12]))],
    ['npz', () => folder.npz('x.npz', {x: npyOf(numbers, [2, 1, 12])})],
    [
      'jsonl',
      () => folder.write('x.jsonl', [0, 12].map((at) => JSON.stringify({x: row.map((v) => v + at)})).join('\n')),
    ],
    ['csv', () => folder.write('x.csv', `x\n${[0, 12].map((at) => row.map((v) => v + at).join(' ')).join('\n')}`)],
  ]
  for (const [kind, write] of files) {
    it(`takes flat rows of ${kind} in row-major order, and says so`, async () => {
      const {values, shape, notes} = await shaped(write(), [3, 2, 2])
      expect(values).to.deep.equal([...numbers])
      expect(shape).to.deep.equal([2, 3, 2, 2])
      expect(notes[0]).to.contain("are taken as [3, 2, 2] in row-major order, as input 'x' wants them")
    })
  }

  it('prepares them as the images they are, a mean per channel', async () => {
    const path = folder.write('bytes.npy', npyOf(Uint8Array.from(numbers), [2, 12]))
    const {values} = await shaped(path, [3, 2, 2], {scale: 1, mean: [0, 4, 8]})
    expect(values.slice(0, 12)).to.deep.equal([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
  })

  it('finds the one size that is free', async () => {
    const path = folder.write('free.npy', npyOf(numbers, [2, 12]))
    expect((await shaped(path, ['T', 4])).shape).to.deep.equal([2, 3, 4])
  })

  for (const [title, want] of [
    ['another number of them', [1, 5, 2]],
    ['two sizes that are free', [3, 'H', 'W']],
    ['a free size that does not come out even', ['T', 2]],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const path = folder.write('refused.npy', npyOf(Float32Array.from({length: 22}), [2, 11]))
      const error = await errorOf(shaped(path, want))
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.contain('got [2, 11] float32')
    })
  }
})
