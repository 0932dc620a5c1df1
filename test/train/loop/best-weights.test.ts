import {expect} from 'chai'
import {BestWeights} from '../../../src/train/loop/best-weights.js'
import type {TrainRequest} from '../../../src/train/loop/train-request.js'
import {initialState} from '../../../src/train/loop/train-state.js'

interface Told {
  /** By offer, the start first. */
  readonly metrics?: readonly (number | undefined)[]
  /** By the only weight. */
  readonly lossOf?: (weight: number) => number
  readonly direction?: 'higher' | 'lower'
}

/** A training of one weight that is 1, 2, 3, … at the offers. Which epoch its best weights are from, after each. */
async function bestAfter(epochs: number, {metrics, lossOf, direction = 'higher'}: Told, isResult = true) {
  const state = initialState({
    initial: [Float32Array.of(0)],
    parameters: [{decays: false}],
    update: {optimizer: {kind: 'sgd'}, schedule: {kind: 'constant', learningRate: 1}},
  } as unknown as TrainRequest)
  let asked = 0
  const judge = metrics && {metric: {direction}, judge: async () => metrics[asked++]}
  const heldOut = lossOf && {mean: async ([weight]: readonly Float32Array[]) => lossOf(weight?.[0] as number)}
  const best = new BestWeights(state, judge as never, async () => heldOut as never)
  await best.offerStart()
  const found: number[] = []
  for (let epoch = 1; epoch <= epochs; epoch++) {
    state.progress.epoch = epoch
    state.weights[0]?.fill(epoch)
    await best.offer(isResult)
    expect(state.best[0]?.[0]).to.equal(state.progress.bestEpoch)
    found.push(state.progress.bestEpoch)
  }
  return found
}

describe('BestWeights', () => {
  it('are those with the best metric, the start among them', async () => {
    expect(await bestAfter(3, {metrics: [0.5, 0.4, 0.7, 0.6]})).to.deep.equal([0, 2, 2])
    expect(await bestAfter(3, {metrics: [0.5, 0.4, 0.7, 0.6], direction: 'lower'})).to.deep.equal([1, 1, 1])
  })

  it('are the latest without a metric', async () => {
    expect(await bestAfter(3, {})).to.deep.equal([1, 2, 3])
  })

  it('are never those of a metric that is no number', async () => {
    expect(await bestAfter(3, {metrics: [0.5, Number.NaN, Number.POSITIVE_INFINITY, 0.6]})).to.deep.equal([0, 0, 3])
  })

  it('are those with the lower loss where the metric is the same, and the earlier without a loss', async () => {
    expect(
      await bestAfter(3, {metrics: [1, 1, 1, 1], lossOf: (weight) => [5, 3, 4, 2][weight] as number}),
    ).to.deep.equal([1, 1, 3])
    expect(await bestAfter(2, {metrics: [1, 1, 1]})).to.deep.equal([0, 0])
    expect(await bestAfter(2, {metrics: [1, 1, 1], lossOf: () => Number.NaN})).to.deep.equal([0, 0])
  })

  it('are only kept for the time being where they are no result yet', async () => {
    expect(await bestAfter(2, {metrics: [0.9, 0.1, 0.2]}, false)).to.deep.equal([1, 2])
  })
})
