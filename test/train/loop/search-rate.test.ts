import {expect} from 'chai'
import type {Dataset} from '../../../src/data/dataset.js'
import type {HeldOutLoss} from '../../../src/train/loop/held-out-loss.js'
import {searchRate, type TrialParts, trialLength} from '../../../src/train/loop/search-rate.js'
import type {StepRunner} from '../../../src/train/loop/step-runner.js'
import type {TrainRequest, UpdateSpec} from '../../../src/train/loop/train-request.js'
import {initialState, rateOf, type TrainState} from '../../../src/train/loop/train-state.js'

const TOTAL = 1000
const LENGTH = trialLength(TOTAL)

describe('trialLength', () => {
  it('spends a tenth of a training on four rates and on judging them', () => {
    for (const total of [1000, 5000, 16000]) {
      const spent = 4 * (trialLength(total) + 8 / 3)
      expect(spent)
        .to.be.at.most(total / 10)
        .and.above(total / 10 - 5)
    }
  })

  it('takes twelve updates at least, all there are of a smaller training, and no more than some hundreds', () => {
    expect([5, 12, 100, 600].map(trialLength)).to.deep.equal([5, 12, 12, 12])
    expect(trialLength(1_000_000)).to.equal(400)
  })
})

describe('searchRate', () => {
  it('tries every rate from the same start, over the whole course of its schedule', async () => {
    const state = stateOf()
    const rates: number[][] = []
    const parts = partsOf(state, (rate) => {
      if (state.progress.steps === 1) rates.push([])
      rates.at(-1)?.push(rate)
    })
    const choice = await searchRate(parts, {isStopWanted: () => false, onUpdates: () => {}})
    // the weight of the fake net is the sum of its rates: 0.01 is nearest to what is wanted
    expect(choice?.value).to.equal(0.01)
    expect(rates.map((course) => course.length)).to.deep.equal([LENGTH, LENGTH, LENGTH])
    expect(rates.every((course) => course.at(-1) === 0)).to.equal(true)
    expect(state.progress.steps).to.equal(0)
    expect(state.totalSteps).to.equal(TOTAL)
    expect(state.weights).to.deep.equal([Float32Array.of(1)])
  })

  it('ends when someone wants it, and leaves the state as it was before the training', async () => {
    const state = stateOf()
    let asked = 0
    const listeners = {isStopWanted: () => ++asked > LENGTH + 3, onUpdates: () => {}}
    expect(await searchRate(partsOf(state), listeners)).to.equal(undefined)
    expect(asked).to.equal(LENGTH + 4)
    expect(state.progress).to.deep.include({steps: 0, learningRate: undefined, tried: []})
    expect(state.weights).to.deep.equal([Float32Array.of(1)])
  })
})

const UPDATE: UpdateSpec = {optimizer: {kind: 'adamw'}, schedule: {kind: 'linear', learningRate: 'auto'}}
const REQUEST = {
  update: UPDATE,
  parameters: [{name: 'w', shape: [1], gradient: 'dw', decays: true}],
  initial: [Float32Array.of(1)],
  seed: 0,
  startCounts: false,
  data: {path: 'x.npz'},
  batch: 1,
} as unknown as TrainRequest

function stateOf(): TrainState {
  return Object.assign(initialState(REQUEST), {totalSteps: TOTAL})
}

/** A net of one weight, which every update moves by its rate; the more, the better. */
function partsOf(state: TrainState, onUpdate: (rate: number) => void = () => {}): TrialParts {
  const runner: StepRunner = {
    async advance() {
      const rate = rateOf(state, UPDATE, ++state.progress.steps)
      const [weight] = state.weights as [Float32Array]
      weight[0] = (weight[0] as number) + rate
      onUpdate(rate)
      return [1]
    },
  }
  const dataset = {round: () => dataset, batches: async function* () {}} as unknown as Dataset
  const heldOut = {
    perBatch: async ([weight]: readonly Float32Array[]) => [{loss: 100 - (weight?.[0] as number), size: 1}],
  } as unknown as HeldOutLoss
  return {request: REQUEST, state, runner, dataset, teacher: undefined, heldOut, stepsPerEpoch: 7}
}
