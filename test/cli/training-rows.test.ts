import {expect} from 'chai'
import {trainingRows} from '../../src/cli/training-rows.js'
import {trainingFixture} from '../report/training-result.js'

describe('trainingRows', () => {
  const row = (name: string, verbose: boolean, more: Partial<typeof trainingFixture> = {}) =>
    trainingRows({...trainingFixture, ...more}, verbose).find(([title]) => title === name)?.[1]

  it('says which epoch was kept, and how fast the last one was', () => {
    expect(row('epochs', false)).to.equal('3, epoch 2 kept; 30 updates, 1,100 samples/s')
    expect(row('epochs', false, {bestEpoch: 3})).to.match(/^3, the last one kept/)
    expect(row('epochs', false, {bestEpoch: 0})).to.match(/^3, none better than the start/)
    expect(row('epochs', false, {history: [], bestEpoch: 0})).to.match(/^0, none better than the start; .* 0 samples/)
  })

  it('says which learning rates were tried, and nothing of one that was given', () => {
    const tried = [
      {value: 0.001, loss: 0.3125},
      {value: 0.1, loss: null},
    ]
    expect(row('learning rate', false, {learningRate: {value: 0.001, chosen: 'auto', tried}})).to.equal(
      '0.001, the best of short trainings (0.001: 0.313, 0.1: diverged)',
    )
    expect(row('learning rate', false, {learningRate: {value: 0.001, chosen: 'given', tried: []}})).to.equal(undefined)
  })

  it('lists teacher and epochs only if asked to', () => {
    expect(row('epoch 1', false)).to.equal(undefined)
    expect(row('epoch 2', true)).to.equal('loss 1.0000, metric 0.8750, learning rate 0.000500')
    expect(row('teacher', true)).to.equal('outputs kept in memory, 640 B')
    expect(row('teacher', true, {teacherOutputs: {kept: 'graph', bytes: 0}})).to.equal('outputs computed in every step')
    expect(row('teacher', true, {teacherOutputs: null})).to.equal(undefined)
  })

  it('leaves out what an epoch was not judged by', () => {
    const epoch = {epoch: 1, trainLoss: 2, metric: null, learningRate: 0, samplesPerSecond: 1}
    expect(row('epoch 1', true, {history: [epoch]})).to.equal('loss 2.0000, learning rate 0.00')
    expect(row('epoch 1', true, {history: [{...epoch, metric: 0.5, heldOutLoss: 0.25}]})).to.contain(
      'metric 0.5000, loss on held-out samples 0.2500',
    )
  })
})
