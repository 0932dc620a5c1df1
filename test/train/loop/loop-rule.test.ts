import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {updatesPerRun} from '../../../src/train/loop/loop-rule.js'
import type {UpdateSpec} from '../../../src/train/loop/train-request.js'
import {buildStep, type StepGraph} from '../../../src/train/step/step-graph.js'

const SGD: UpdateSpec = {optimizer: {kind: 'sgd'}, schedule: {kind: 'constant', learningRate: 0.1}}
const ADAM: UpdateSpec = {...SGD, optimizer: {kind: 'adam'}}

describe('updatesPerRun', () => {
  it('is several for small nets, fewer of them with moments', () => {
    expect(updatesPerRun(stepOf(64, 10), ADAM)).to.equal(50)
    expect(updatesPerRun(stepOf(784, 100), ADAM)).to.equal(1)
    expect(updatesPerRun(stepOf(784, 100), SGD)).to.be.within(8, 50)
    expect(updatesPerRun(stepOf(784, 400), SGD)).to.equal(1)
  })

  it('is one where something happens between two updates', () => {
    const step = stepOf(4, 2)
    for (const more of [{accumulate: 2}, {clipNorm: 1}, {keepZeros: true}]) {
      expect(updatesPerRun(step, {...SGD, ...more}, 50)).to.equal(1)
    }
  })

  it('keeps the batches of a run within bounds', () => {
    expect(updatesPerRun(stepOf(20_000, 2, 512), SGD)).to.equal(1)
  })

  it('is what is wanted, where there is a choice', () => {
    expect(updatesPerRun(stepOf(784, 400), ADAM, 7)).to.equal(7)
  })
})

function stepOf(inputs: number, classes: number, batch = 64): StepGraph {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const weights = build.floats(new Float32Array(inputs * classes), [classes, inputs])
  build.output(build.op('Gemm', [build.input('x', ['N', inputs]), weights], {transB: 1}))
  const model = emptyModel(graph)
  inferModel(model)
  return buildStep(model, {inputShapes: {x: [batch, inputs]}, losses: [{kind: 'cross-entropy'}]})
}
