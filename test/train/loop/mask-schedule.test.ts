import {expect} from 'chai'
import {cubicSparsity, MaskSchedule} from '../../../src/train/loop/mask-schedule.js'
import type {SparsitySpec} from '../../../src/train/loop/sparsity-spec.js'
import type {UpdateSpec} from '../../../src/train/loop/train-request.js'
import {initialState, type TrainState} from '../../../src/train/loop/train-state.js'
import {applyMask} from '../../../src/train/loop/weight-mask.js'
import {randomFloats} from '../../support/pass-trial.js'

const WEIGHTS = [
  {name: 'a', layout: {rows: 6, inner: 10}},
  {name: 'b', layout: {rows: 4, inner: 10}},
]
const SPEC: SparsitySpec = {target: 0.8, scope: 'global', weights: WEIGHTS, rampShare: 0.5, cuts: 4}

/** Two weights that are pruned, `b` of larger numbers, and a bias that is not. */
function request() {
  const initial = [randomFloats(60, 1), randomFloats(40, 2).map((value) => value * 3), randomFloats(10, 3)]
  const parameters = ['a', 'b', 'bias'].map((name, index) => {
    return {name, shape: [initial[index]?.length ?? 0], gradient: `d_${name}`, decays: true}
  })
  const update: UpdateSpec = {optimizer: {kind: 'sgd'}, schedule: {kind: 'constant', learningRate: 1}}
  return {initial, parameters, update}
}

function start(spec: Partial<SparsitySpec> = {}, totalSteps = 40): {schedule: MaskSchedule; state: TrainState} {
  const asked = request()
  return {schedule: new MaskSchedule(asked, {...SPEC, ...spec}, totalSteps), state: initialState(asked)}
}

function zeros(...arrays: (Float32Array | undefined)[]): number {
  return arrays.reduce((sum, array) => sum + (array?.filter((value) => value === 0).length ?? 0), 0)
}

/** Moves every weight a little, as an update would, and lets the schedule follow. */
function step(schedule: MaskSchedule, state: TrainState): void {
  state.progress.steps++
  state.weights.forEach((weight, index) => {
    for (let i = 0; i < weight.length; i++)
      weight[i] = (weight[i] as number) + 0.01 * Math.sin(i + state.progress.steps)
    const mask = state.masks[index]
    if (mask) applyMask(weight, mask)
  })
  schedule.follow(state)
}

describe('cubicSparsity', () => {
  it('goes from the first share to the last, most of it early', () => {
    expect(cubicSparsity(0.1, 0.9, 0)).to.be.closeTo(0.1, 1e-12)
    expect(cubicSparsity(0.1, 0.9, 0.5)).to.be.closeTo(0.8, 1e-12)
    expect(cubicSparsity(0.1, 0.9, 1)).to.equal(0.9)
  })
})

describe('MaskSchedule', () => {
  it('zeroes as many weights at every cut as the curve says, and keeps them zero', () => {
    const {schedule, state} = start()
    const seen: number[] = []
    for (let i = 0; i < 40; i++) {
      step(schedule, state)
      seen.push(zeros(state.weights[0], state.weights[1]))
    }
    const expected = [1, 2, 3, 4].map((cut) => Math.round(100 * cubicSparsity(0, 0.8, cut / 4)))
    expect(expected).to.deep.equal([46, 70, 79, 80])
    expect(seen).to.deep.equal(
      [
        [0, 4],
        [46, 5],
        [70, 5],
        [79, 5],
        [80, 21],
      ].flatMap(([count = 0, times = 0]) => Array(times).fill(count)),
    )
    expect(zeros(state.weights[2])).to.equal(0)
  })

  it('takes from where it costs least, or as many of each', () => {
    const [all, each] = [start(), start({scope: 'layer'})]
    for (let i = 0; i < 40; i++) for (const {schedule, state} of [all, each]) step(schedule, state)
    // `b` is of larger numbers, which says nothing
    expect(zeros(all.state.weights[0])).to.be.within(44, 52)
    expect(zeros(all.state.weights[0], all.state.weights[1])).to.equal(80)
    expect(each.state.weights.map((weight) => zeros(weight))).to.deep.equal([48, 32, 0])
  })

  it('is over at the last cut', () => {
    const {schedule} = start()
    expect([schedule.isOver(19), schedule.isOver(20)]).to.deep.equal([false, true])
  })

  it('has at most one cut per update', () => {
    const {schedule, state} = start({cuts: 50}, 6)
    const seen = Array.from({length: 6}, () => {
      step(schedule, state)
      return zeros(state.weights[0], state.weights[1])
    })
    expect(seen).to.deep.equal([56, 77, 80, 80, 80, 80])
  })

  it('goes on from the weights of a checkpoint as if there had been no interruption', () => {
    const [whole, later] = [start(), start()]
    for (let i = 0; i < 12; i++) step(whole.schedule, whole.state)
    whole.state.weights.forEach((weight, index) => {
      later.state.weights[index]?.set(weight)
    })
    later.state.progress.steps = 12
    later.schedule.resume(later.state)
    for (let i = 12; i < 40; i++) for (const {schedule, state} of [whole, later]) step(schedule, state)
    expect(later.state.weights).to.deep.equal(whole.state.weights)
  })
})
