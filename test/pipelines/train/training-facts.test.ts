import {expect} from 'chai'
import {parseOptions} from '../../../src/options/parse-options.js'
import {training} from '../../../src/options/training.js'
import {chosenBy, factsOf} from '../../../src/pipelines/train/training-facts.js'
import type {TrainedModel} from '../../../src/pipelines/train/training-job.js'

const EPOCH = {epoch: 1, loss: 0.5, metric: undefined, learningRate: 0.1, samplesPerSecond: 10}
const DISTILLATION = {kind: 'distillation', output: 'y', weight: 0.9, temperature: 4}
const trained = (losses: object[], more: object = {}) =>
  ({
    ...{history: [EPOCH], bestEpoch: 1, steps: 5, stopped: undefined, learningRate: undefined, teacherCache: undefined},
    ...{objective: {losses, alpha: 0.9}},
    ...more,
  }) as unknown as TrainedModel
const options = (given: object = {}) => parseOptions(training, given)

describe('factsOf', () => {
  it('has null, not undefined, for what there was not', () => {
    const facts = factsOf(trained([], {objective: {losses: [], alpha: undefined}}), undefined, options())
    expect(facts).to.deep.include({teacher: null, teacherOutputs: null, teaching: null, stopped: null})
    expect(facts.history).to.deep.equal([
      {epoch: 1, trainLoss: 0.5, metric: null, learningRate: 0.1, samplesPerSecond: 10},
    ])
    expect(facts).not.to.have.property('learningRate')
  })

  it('says in words what was made smaller, without what had no weight', () => {
    const losses = [
      DISTILLATION,
      {kind: 'cross-entropy', output: 'y', weight: 1 / 3},
      {kind: 'mse', output: 'z', against: 'teacher', weight: 1},
      {kind: 'feature', output: 'h', teacher: 'H'},
      {kind: 'mse', output: 'gone', weight: 0},
    ]
    expect(factsOf(trained(losses), undefined, options()).losses).to.deep.equal([
      "0.9 x distillation of 'y', temperature 4",
      "0.3333 x cross-entropy of 'y'",
      "teacher mse of 'z'",
      "'H' feature of 'h'",
    ])
  })

  it('tells which of the numbers a rule chose', () => {
    const teaching = (given: object, losses = [DISTILLATION as object]) =>
      factsOf(trained(losses), undefined, options(given)).teaching
    expect(teaching({})).to.deep.equal({alpha: 0.9, temperature: 4, chosen: ['alpha', 'temperature']})
    expect(teaching({alpha: 0.9, temperature: 4})?.chosen).to.deep.equal([])
    expect(teaching({}, [{kind: 'mse', output: 'y'}])).to.deep.equal({alpha: 0.9, temperature: null, chosen: ['alpha']})
  })

  it('says that a teacher ran in every step where nothing of it was kept', () => {
    const teacher = {path: 't.onnx', sizeBytes: 9} as never
    expect(factsOf(trained([]), teacher, options())).to.deep.include({
      teacher: {path: 't.onnx', sizeBytes: 9},
      teacherOutputs: {kept: 'graph', bytes: 0},
    })
  })
})

describe('chosenBy', () => {
  it('is what flags left open, and nothing where they did not', () => {
    const one = trained([DISTILLATION], {learningRate: {value: 0.01, tried: []}})
    expect(chosenBy(one, options())).to.deep.equal({chosen: {learningRate: 0.01, alpha: 0.9, temperature: 4}})
    expect(chosenBy(one, options({learningRate: 0.01, alpha: 0.9, temperature: 4}))).to.deep.equal({})
  })
})
