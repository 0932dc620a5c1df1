import {expect} from 'chai'
import {trainingProgress} from '../../../src/pipelines/train/training-progress.js'

describe('trainingProgress', () => {
  const shown = (metric?: string) => {
    const calls: unknown[][] = []
    const effects = {progress: (...call: unknown[]) => calls.push(call), signal: new AbortController().signal}
    return {calls, bar: trainingProgress({epochs: 3, metric}, effects as never)}
  }

  it('counts the steps of each epoch by themselves', () => {
    const {calls, bar} = shown()
    for (const done of [1, 10, 11, 30]) bar.onStep?.(done, 30, 0.5)
    expect(calls.map(([label, done, total]) => [label, done, total])).to.deep.equal([
      ['epoch 1/3', 1, 10],
      ['epoch 1/3', 10, 10],
      ['epoch 2/3', 1, 10],
      ['epoch 3/3', 10, 10],
    ])
  })

  it('shows the loss at once, metric and speed from the second epoch on', () => {
    const {calls, bar} = shown('top1')
    bar.onStep?.(1, 30, 0.5)
    expect(calls[0]?.[3]).to.equal('loss 0.5000')
    bar.onEpoch?.({epoch: 1, loss: 1, metric: 0.875, learningRate: 0, samplesPerSecond: 99.6})
    bar.onStep?.(11, 30, 0.25)
    expect(calls[1]?.[3]).to.match(/^loss 0\.2500, top1 0\.8750, 100 samples\/s, .* left$/)
  })

  it('says when a learning rate is being chosen', () => {
    const {calls, bar} = shown()
    bar.onTrial?.(5)
    expect(calls).to.deep.equal([['choosing the learning rate', 5, 0]])
  })
})
