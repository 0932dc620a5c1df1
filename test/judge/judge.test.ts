import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import {agreementIn, judge, rowsOf} from '../../src/judge/judge.js'
import type {Metric} from '../../src/metrics/metric.js'
import {METRICS} from '../../src/metrics/registry.js'
import type {Fidelity} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {npyOf} from '../support/npy-writer.js'

const SETTINGS = {provider: 'cpu', threads: 1} as const

describe('judge', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('takes labels where the data has some, and refuses metrics of labels where it has none', async () => {
    const path = 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz'
    const preprocess = {mean: [0.286], std: [0.353]}
    const data = {path, seed: 0, limit: 64, preprocess}
    const {answers, valueBy} = await judge('fixtures/models/mlp_fm.onnx', SETTINGS, {data, batch: 16})
    const hits = Array.from({length: 64}, (_, row) => {
      const scores = answers.data.subarray(10 * row, 10 * row + 10)
      return scores.indexOf(Math.max(...scores)) === answers.labels?.[row]
    }).filter(Boolean).length
    expect(valueBy(METRICS.top1 as Metric, undefined)?.value).to.equal(hits / 64)

    const images = folder.write('x.npy', npyOf(new Float32Array(2 * 784).fill(0.1), [2, 1, 28, 28]))
    const bare = await judge('fixtures/models/mlp_fm.onnx', SETTINGS, {data: {path: images, seed: 0}, batch: 2})
    expect(() => bare.valueBy(METRICS.top1 as Metric, undefined)).to.throw(UsageError, /expected data with labels/)
  })
})

describe('rowsOf', () => {
  it('sees classes behind sizes of 1 as rows of classes, and leaves places alone', () => {
    expect(rowsOf([5, 10, 1, 1])).to.deep.equal([5, 10])
    expect(rowsOf([5, 10, 7, 7])).to.deep.equal([5, 10, 7, 7])
    expect(rowsOf([5])).to.deep.equal([5])
  })
})

describe('agreementIn', () => {
  it('is that of the output that is judged, else of the worst', () => {
    const fidelity = {
      agreement: 0.5,
      outputs: [
        {name: 'a', value: 0.9},
        {name: 'b', value: null},
      ],
    } as unknown as Fidelity
    expect(agreementIn(fidelity, 'a')).to.equal(0.9)
    expect(agreementIn(fidelity, 'b')).to.equal(null)
    expect(agreementIn(fidelity, undefined)).to.equal(0.5)
  })
})
