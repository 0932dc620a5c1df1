import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {useBatchStatistics} from '../../src/autodiff/batch-statistics.js'
import {verify} from '../../src/ir/verify.js'
import {modelOf} from '../support/pass-trial.js'
import {runGraph} from '../support/run-graph.js'

/** Two channels, normalized by running statistics that are far from the batch's; `count` nodes share them. */
function normalized(count: number, attributes = {}) {
  return modelOf((build) => {
    const x = build.input('x', [4, 2])
    const parts = [
      [1, 1],
      [0, 0],
      [100, 100],
      [9, 9],
    ].map((numbers) => build.floats(numbers))
    for (let index = 0; index < count; index++)
      build.output(build.op('BatchNormalization', [x, ...parts], attributes, {outputs: [`y${index}`]}))
  })
}

const data = [1, 10, 2, 20, 3, 30, 6, 60]
const feeds = {x: new OrtTensor('float32', Float32Array.from(data), [4, 2])}

describe('useBatchStatistics', () => {
  it('normalizes by the batch, and gives its mean and its variance, which divides by n', async () => {
    const model = normalized(2)
    const [statistics, other] = useBatchStatistics(model.graph)
    if (!statistics || !other) throw new Error('two nodes normalize')
    for (const {batchMean, batchVariance} of [statistics, other]) {
      model.graph.addOutput(batchMean)
      model.graph.addOutput(batchVariance)
    }
    expect(verify(model.graph)).to.deep.equal([])
    const results = await runGraph(model, feeds)
    for (const {batchMean, batchVariance} of [statistics, other]) {
      expect(results[batchMean.name]?.data).to.deep.equal(Float32Array.of(3, 30))
      expect(results[batchVariance.name]?.data).to.deep.equal(Float32Array.of(3.5, 350))
    }
    const first = Array.from((results.y0?.data ?? []) as ArrayLike<number>).filter((_, index) => index % 2 === 0)
    first.forEach((value, index) => {
      expect(value).to.be.closeTo(([1, 2, 3, 6][index] as number) / Math.sqrt(3.5) - 3 / Math.sqrt(3.5), 1e-4)
    })
  })

  it('tells the running statistics as the file has them', () => {
    const [statistics] = useBatchStatistics(normalized(1).graph)
    expect(statistics?.runningMean.constant?.read()).to.deep.equal(Float32Array.of(100, 100))
    expect(statistics?.runningVariance.constant?.read()).to.deep.equal(Float32Array.of(9, 9))
  })

  it('leaves a node alone that is in training mode already', () => {
    const model = normalized(1, {training_mode: 1})
    expect(useBatchStatistics(model.graph)).to.deep.equal([])
  })
})
