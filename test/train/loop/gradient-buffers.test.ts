import {expect} from 'chai'
import {GradientBuffers} from '../../../src/train/loop/gradient-buffers.js'
import type {TrainRequest} from '../../../src/train/loop/train-request.js'
import {initialState} from '../../../src/train/loop/train-state.js'

/** Plain gradient descent at rate 1 on one weight [1, 0, 3]: a step takes the gradient away. */
function trial(update: object = {}) {
  const request = {
    initial: [Float32Array.of(1, 0, 3)],
    parameters: [{decays: true}],
    update: {optimizer: {kind: 'sgd'}, schedule: {kind: 'constant', learningRate: 1}, ...update},
  } as unknown as TrainRequest
  const state = initialState(request)
  const buffers = new GradientBuffers(request, state)
  const step = (...batches: number[][]) => {
    for (const gradient of batches) {
      state.optimizer.gradients[0]?.set(gradient)
      buffers.collect()
    }
    return buffers.apply()
  }
  return {state, step, weight: () => [...(state.weights[0] ?? [])]}
}

describe('GradientBuffers', () => {
  it('moves the weights by the gradient of the last run, and counts the step', () => {
    const {state, step, weight} = trial()
    expect(step([0.5, -1, 1])).to.equal(1)
    expect(weight()).to.deep.equal([0.5, 1, 2])
    expect(state.progress.steps).to.equal(1)
  })

  it('takes the mean of the batches of an update, and begins anew with the next', () => {
    const {step, weight} = trial({accumulate: 2})
    step([1, 0, 0], [0, 2, 0])
    expect(weight()).to.deep.equal([0.5, -1, 3])
    step([0, 0, 1], [0, 0, 1])
    expect(weight()).to.deep.equal([0.5, -1, 2])
  })

  it('cuts the norm of the mean, not that of the sum', () => {
    const short = trial({accumulate: 2, clipNorm: 5})
    short.step([3, 4, 0], [3, 4, 0])
    expect(short.weight()[0]).to.be.closeTo(-2, 1e-5)
    const long = trial({clipNorm: 1})
    long.step([3, 4, 0])
    expect(long.weight()[0]).to.be.closeTo(1 - 0.6, 1e-5)
    expect(long.weight()[1]).to.be.closeTo(-0.8, 1e-5)
  })

  it('keeps zeros where they are to stay', () => {
    const {step, weight} = trial({keepZeros: true})
    step([1, 1, 1])
    expect(weight()).to.deep.equal([0, 0, 2])
    step([1, 1, 1])
    expect(weight()).to.deep.equal([-1, 0, 1])
  })
})
