import {expect} from 'chai'
import {RunningStatistics} from '../../../src/train/loop/running-statistics.js'
import type {TrainRequest} from '../../../src/train/loop/train-request.js'
import type {TrainState} from '../../../src/train/loop/train-state.js'

/** A request of one parameter, then the statistics. */
function requestOf(statistics: readonly {momentum: number; scale: number}[], lengths: readonly number[]) {
  const initial = [new Float32Array(3), ...lengths.map((length) => new Float32Array(length))]
  return {parameters: [{}], statistics, initial} as unknown as TrainRequest
}

const stateOf = (...weights: Float32Array[]) =>
  ({weights: [Float32Array.of(7, 7, 7), ...weights]}) as unknown as TrainState

describe('RunningStatistics', () => {
  it('moves each by its momentum, the variance by its share of n − 1', () => {
    const following = new RunningStatistics(
      requestOf(
        [
          {momentum: 0.75, scale: 1},
          {momentum: 0.5, scale: 2},
        ],
        [2, 2],
      ),
    )
    following.batch[0]?.set([4, -4])
    following.batch[1]?.set([1, 3])
    const state = stateOf(Float32Array.of(0, 4), Float32Array.of(2, 2))
    following.follow(state)
    expect(state.weights[1]).to.deep.equal(Float32Array.of(1, 2))
    expect(state.weights[2]).to.deep.equal(Float32Array.of(2, 4))
  })

  it('leaves the parameters alone, and what the step wrote', () => {
    const following = new RunningStatistics(requestOf([{momentum: 0.5, scale: 1}], [1]))
    following.batch[0]?.set([2])
    const state = stateOf(Float32Array.of(0))
    following.follow(state)
    following.follow(state)
    expect(state.weights).to.deep.equal([Float32Array.of(7, 7, 7), Float32Array.of(1.5)])
    expect(following.batch).to.deep.equal([Float32Array.of(2)])
  })

  it('has nothing to do without statistics', () => {
    const following = new RunningStatistics(requestOf([], []))
    const state = stateOf()
    following.follow(state)
    expect([following.batch, state.weights]).to.deep.equal([[], [Float32Array.of(7, 7, 7)]])
  })
})
