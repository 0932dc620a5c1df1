import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {findLabelsBeside, labelShapeOf, readLabels} from '../../../src/data/samples/labels.js'
import {memoryArray} from '../../../src/data/samples/memory-array.js'
import {sampleOrder} from '../../../src/data/samples/sample-order.js'
import {DataError} from '../../../src/errors.js'
import {withTempFolder} from '../../../src/io/with-temp-folder.js'

const order = sampleOrder(2, {seed: 0}, 'x')
const floats = (shape: readonly number[], ...values: number[]) =>
  memoryArray({name: 'y', where: 'x.npz: y', dtype: 'float32', shape}, Float32Array.from(values))

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((caught: unknown) => caught)
  expect(error).to.be.instanceOf(DataError)
  return (error as DataError).message
}

describe('findLabelsBeside', () => {
  it('finds the labels of IDX images, packed or not', () =>
    withTempFolder(async (folder) => {
      const images = join(folder, 't10k-images-idx3-ubyte.gz')
      expect(await findLabelsBeside(images)).to.equal(undefined)
      const plain = join(folder, 't10k-labels-idx1-ubyte')
      writeFileSync(plain, '')
      expect(await findLabelsBeside(images)).to.equal(plain)
      writeFileSync(`${plain}.gz`, '')
      expect(await findLabelsBeside(images)).to.equal(`${plain}.gz`)
      expect(await findLabelsBeside(join(folder, 't10k.images.idx3'))).to.equal(undefined)
    }))

  it('does not look for those of files with other names', async () => {
    expect(await findLabelsBeside('fixtures/models/cnn_fm.onnx')).to.equal(undefined)
  })
})

describe('readLabels', () => {
  it('reads them in the order of the samples, one or several each', async () => {
    const last = sampleOrder(2, {seed: 0, offset: 1}, 'x')
    expect(await readLabels(floats([2], 3, 4), 2, last)).to.deep.equal(Float64Array.of(4))
    expect(await readLabels(floats([2, 1], 3, 4), 2, order)).to.deep.equal(Float64Array.of(3, 4))
    expect(await readLabels(floats([2, 2], 1, 2, 3, 4), 2, last)).to.deep.equal(Float64Array.of(3, 4))
  })

  it('refuses NaN and infinity, and says at which sample', async () => {
    expect(await refusal(readLabels(floats([2], 0, Number.NaN), 2, order))).to.match(
      /^x\.npz: y, label 1: expected .*, got NaN/,
    )
    expect(await refusal(readLabels(floats([2, 2], 0, 0, 0, Number.POSITIVE_INFINITY), 2, order))).to.match(
      /label 1 of sample 1:/,
    )
  })

  it('refuses another number of labels than samples, scalars and labels of no elements', async () => {
    expect(await refusal(readLabels(floats([3], 1, 2, 3), 2, order))).to.equal(
      'x.npz: y: expected 2 labels, one per sample, got 3',
    )
    expect(await refusal(readLabels(floats([], 1), 1, order))).to.include('got shape []')
    expect(await refusal(readLabels(floats([2, 0]), 2, order))).to.include('got shape [2, 0]')
  })
})

describe('labelShapeOf', () => {
  it('is empty for one label per sample, however it is written', () => {
    expect(labelShapeOf(floats([2], 1, 2))).to.deep.equal([])
    expect(labelShapeOf(floats([2, 1, 1], 1, 2))).to.deep.equal([])
    expect(labelShapeOf(floats([1, 2], 1, 2))).to.deep.equal([2])
  })
})
