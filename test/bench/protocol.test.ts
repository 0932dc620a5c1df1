import {expect} from 'chai'
import {errorAtLook} from '../../src/bench/error-at-look.js'
import type {Measurement} from '../../src/bench/measurement.js'
import {DEFAULT_WARMUP, race} from '../../src/bench/protocol.js'
import {exactSchedule, fullSchedule, type Planner} from '../../src/bench/schedule.js'
import {ratioInterval, verdictOf} from '../../src/bench/statistics.js'
import {fakeContender} from './fake-contender.js'

const full = {minRuns: 100, minTimeMs: 1000, maxTimeMs: 60_000}

/** The noise that was measured on two noisy cores. */
const noisy = {latencyMs: 0.5, processNoise: 0.02, runNoise: 0.1}

function protocol(planner: Planner = fullSchedule(full), maxTimeMs = 60_000) {
  return {warmup: DEFAULT_WARMUP, planner, maxTimeMs}
}

describe('race', () => {
  it('finds no difference between a model and itself', async () => {
    const [, again] = await race([fakeContender({...noisy, seed: 1}), fakeContender({...noisy, seed: 2})], protocol())
    const ratio = again?.ratio()
    expect(ratio?.point).to.be.closeTo(1, 0.03)
    expect(ratio && verdictOf(ratio, 0.02)).to.equal('no difference')
  })

  it('finds a model that is 10 % slower, and each of several against the first', async () => {
    const contenders = [1, 1.1, 0.8].map((factor, seed) => fakeContender({...noisy, latencyMs: 0.5 * factor, seed}))
    const [baseline, slower, faster] = await race(contenders, protocol())
    expect(baseline?.ratio()).to.equal(undefined)
    expect(slower?.ratio()?.point).to.be.closeTo(1.1, 0.04)
    expect([slower, faster].map((one) => verdictOf(one?.ratio() ?? {point: 1, low: 1, high: 1}, 0.02))).to.deep.equal([
      'slower',
      'faster',
    ])
  })

  it('gives exactly the runs that were asked for', async () => {
    for (const runs of [1, 5, 20, 100]) {
      const [baseline, other] = await race(
        [fakeContender({latencyMs: 0.1, seed: 1}), fakeContender({latencyMs: 3, seed: 2})],
        protocol(exactSchedule(runs)),
      )
      expect([baseline, other].map((one) => one?.summary().samples)).to.deep.equal([runs, runs])
    }
  })

  it('runs A B, then B A, in fresh processes, and swaps who comes first from pair to pair', async () => {
    const events: string[] = []
    const contender = (name: string) =>
      fakeContender({latencyMs: 1, seed: 1, name, onEvent: (event) => events.push(event)})
    const planner: Planner = () => [1, 2].map(() => [1, 2].map(() => ({budgetMs: 10, maxRuns: 5})))
    await race([contender('A'), contender('B')], protocol(planner))
    const generation = (first: string, second: string) => [
      ...[`start ${first}`, `start ${second}`, `block ${first}`, `block ${second}`],
      ...[`block ${first}`, `block ${second}`, `block ${second}`, `block ${first}`],
      ...['close A', 'close B'],
    ]
    expect(events).to.deep.equal([...generation('A', 'B'), ...generation('B', 'A')])
  })

  it('does not take the first run of a fresh process for the latency', async () => {
    let planned = 0
    const planner: Planner = ({latencyMs}) => {
      planned = latencyMs
      return [[{budgetMs: 10, maxRuns: 1}]]
    }
    await race([fakeContender({latencyMs: 20, firstRunMs: 4000, seed: 1})], protocol(planner))
    expect(planned).to.be.closeTo(20, 1e-9)
  })

  it('lets a model that fails leave, and still measures the others', async () => {
    const error = new Error('out of memory')
    const events: string[] = []
    const measurements = await race(
      [
        fakeContender({...noisy, seed: 1}),
        fakeContender({...noisy, seed: 2, failStart: {at: 0, error}, onEvent: (event) => events.push(event)}),
        fakeContender({...noisy, seed: 3}),
      ],
      protocol(),
    )
    expect(measurements.map((one) => one.error)).to.deep.equal([undefined, error, undefined])
    expect(events).to.deep.equal(['start', 'close'])
    expect(measurements[2]?.pairLogRatios).to.have.length(8)
  })

  it('stops when a model has used its time, with a round of every process begun', async () => {
    const [only] = await race(
      [fakeContender({latencyMs: 400, seed: 1})],
      protocol(fullSchedule({...full, maxTimeMs: 4000}), 4000),
    )
    expect(only?.spentMs).to.be.within(2000, 4800)
    expect(only?.processes).to.be.at.least(3)
  })

  it('shows medians whose quotient is the ratio', async () => {
    const contenders = [1, 0.9, 1.3].map((factor, seed) =>
      fakeContender({...noisy, processNoise: 0.3, latencyMs: 0.5 * factor, seed}),
    )
    const [baseline, ...others] = await race(contenders, protocol())
    for (const other of others) {
      const quotient = other.summary().p50 / (baseline?.summary().p50 ?? 0)
      expect(quotient / (other.ratio()?.point ?? 0)).to.be.closeTo(1, 1e-12)
    }
  })

  it('ends with the pair after which enough is known, with an interval that allows for the looks', async () => {
    const looks: number[] = []
    const isEnough = ([, other]: readonly Measurement[]) => looks.push(other?.processes ?? 0) === 3
    const contenders = () => [1, 2].map((seed) => fakeContender({...noisy, seed}))
    const [, stopped] = await race(contenders(), {...protocol(), isEnough})
    expect(looks).to.deep.equal([3, 4, 5])
    expect(stopped?.pairLogRatios).to.have.length(5)
    const plain = ratioInterval(stopped?.pairLogRatios ?? [])
    expect(stopped?.ratio()?.high).to.be.above(plain.high)
    expect(stopped?.ratio()).to.deep.equal(ratioInterval(stopped?.pairLogRatios ?? [], errorAtLook(5, 8)))
  })

  it('closes every process and ends with the reason when it is aborted', async () => {
    const controller = new AbortController()
    const events: string[] = []
    let blocks = 0
    const onEvent = (event: string) => {
      events.push(event)
      if (event === 'block' && ++blocks === 5) controller.abort(new Error('enough'))
    }
    const contenders = [1, 2].map((seed) => fakeContender({...noisy, seed, onEvent}))
    const outcome = await race(contenders, protocol(), {signal: controller.signal}).catch((error: Error) => error)
    expect(outcome).to.be.an('error').with.property('message', 'enough')
    expect(events.filter((event) => event === 'close')).to.have.length(2)
  })
})
