import {expect} from 'chai'
import type {TrainRequest} from '../../../src/train/loop/train-request.js'
import {initialState, keepAsBest, rateOf, restart} from '../../../src/train/loop/train-state.js'

/** Two parameters and a statistic. */
function startOf(update: object = {}) {
  return {
    initial: [Float32Array.of(1, 0, 3), Float32Array.of(4), Float32Array.of(5)],
    parameters: [{decays: true}, {decays: false}],
    update: {optimizer: {kind: 'adam'}, schedule: {kind: 'constant', learningRate: 0.1}, ...update},
  } as unknown as TrainRequest
}

const numbers = (arrays: readonly Float32Array[]) => arrays.map((array) => [...array])

describe('initialState', () => {
  it('has weights, statistics and best weights as the model has them, in arrays of its own', () => {
    const start = startOf()
    const {weights, best, optimizer, progress} = initialState(start)
    expect(numbers(weights)).to.deep.equal([[1, 0, 3], [4], [5]])
    expect(numbers(best)).to.deep.equal([[1, 0, 3], [4], [5]])
    for (const array of [...weights, ...best]) expect(start.initial).not.to.include(array)
    expect(
      numbers(optimizer.moments.flat())
        .flat()
        .every((moment) => moment === 0),
    ).to.equal(true)
    expect(progress).to.include({epoch: 0, steps: 0, learningRate: 0.1, bestMetric: undefined})
  })

  it('holds zeros only where it is told to', () => {
    expect(initialState(startOf()).masks).to.deep.equal([undefined, undefined])
    expect(initialState(startOf({keepZeros: true})).masks.map((mask) => mask !== undefined)).to.include(true)
  })

  it('leaves a learning rate open that is still to be chosen, and gives none until then', () => {
    const start = startOf({schedule: {kind: 'constant', learningRate: 'auto'}})
    const state = initialState(start)
    expect(state.progress.learningRate).to.equal(undefined)
    expect(() => rateOf(state, start.update, 1)).to.throw(TypeError, 'still to be chosen')
    state.progress.learningRate = 0.5
    expect(rateOf(state, start.update, 1)).to.equal(0.5)
  })
})

describe('restart', () => {
  it('goes back to the start in place, whatever happened', () => {
    const start = startOf()
    const state = initialState(start)
    const {weights} = state
    for (const array of [...weights, ...state.best, ...state.optimizer.moments.flat()]) array.fill(Number.NaN)
    Object.assign(state.progress, {
      epoch: 3,
      steps: 99,
      lossSum: Number.NaN,
      bestMetric: 1,
      tried: [{}],
      firstLosses: [1],
    })
    restart(state, start)
    const fresh = initialState(start)
    expect(state.progress).to.deep.equal(fresh.progress)
    expect(numbers([...state.weights, ...state.best, ...state.optimizer.moments.flat()])).to.deep.equal(
      numbers([...fresh.weights, ...fresh.best, ...fresh.optimizer.moments.flat()]),
    )
    expect(state.weights).to.equal(weights)
  })
})

describe('keepAsBest', () => {
  it('copies the weights of now, which go on alone', () => {
    const state = initialState(startOf())
    state.weights[1]?.fill(8)
    keepAsBest(state)
    state.weights[1]?.fill(9)
    expect(numbers(state.best)).to.deep.equal([[1, 0, 3], [8], [5]])
  })
})
