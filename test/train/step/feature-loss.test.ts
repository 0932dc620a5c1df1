import {expect} from 'chai'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import type {Node} from '../../../src/ir/node.js'
import {float32} from '../../../src/ir/tensor.js'
import {opsetOf} from '../../../src/ops/infer-graph.js'
import {lookup} from '../../../src/ops/registry.js'
import {featureLoss} from '../../../src/train/step/feature-loss.js'
import {TypedBuilder} from '../../../src/train/step/typed-builder.js'
import {runGraph} from '../../support/run-graph.js'

/* References from PyTorch 1.13, float64: ((s @ P - t)**2).mean() / (((t - t.mean())**2).mean() + 1e-6) */

describe('featureLoss', () => {
  it('is the error of the projected values by the variance of what they should be', async () => {
    const projection = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    const value = await lossOf([2, -1, 0.5, 100, 0, 3], [2, 3], [1, 0, -2, 5, 4, 3], [2, 3], projection)
    expect(value).to.be.closeTo(36.6854004, 1e-4)
  })

  it('averages images of other sizes over their places', async () => {
    const student = Array.from({length: 8}, (_, index) => index / 4)
    const value = await lossOf(student, [1, 2, 2, 2], [1, 2, 4], [1, 3, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    expect(value).to.be.closeTo(2.37438463, 1e-6)
  })

  it('draws the same projection from the same seed, another one from another', () => {
    const drawn = [1, 1, 2].map((seed) => {
      const build = builder()
      const [student, teacher] = [build.floats([1, 2], [1, 2]), build.floats([1, 2, 3], [1, 3])]
      return [...((featureLoss(build, {student, teacher, seed}).projection.constant?.read() as Float32Array) ?? [])]
    })
    expect(drawn[0]).to.have.length(6)
    expect(drawn[0]).to.deep.equal(drawn[1])
    expect(drawn[0]).not.to.deep.equal(drawn[2])
  })
})

function builder(): TypedBuilder {
  const model = emptyModel(new Graph())
  return new TypedBuilder(model.graph, (node: Node) => lookup(node, opsetOf(node, model)))
}

async function lossOf(
  own: readonly number[],
  ownShape: readonly number[],
  other: readonly number[],
  otherShape: readonly number[],
  projected: readonly number[],
): Promise<number> {
  const build = builder()
  const [student, teacher] = [build.floats(own, ownShape), build.floats(other, otherShape)]
  const {loss, projection} = featureLoss(build, {student, teacher, seed: 0})
  build.graph.setConstant(projection, float32(projected, projection.constant?.shape))
  build.output(loss)
  const results = await runGraph(emptyModel(build.graph), {})
  return Number(results[loss.name]?.data[0])
}
