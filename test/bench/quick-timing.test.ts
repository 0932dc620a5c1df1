import {expect} from 'chai'
import {measureQuickly, quickMeasurement} from '../../src/bench/quick-timing.js'
import {fakeContender} from './fake-contender.js'

const noisy = {latencyMs: 0.5, processNoise: 0.01, runNoise: 0.05}

describe('measureQuickly', () => {
  it('finds a model that is a third faster, with its interval and percentiles', async () => {
    const {timing, latency} = await measureQuickly(
      [fakeContender({...noisy, seed: 1}), fakeContender({...noisy, latencyMs: 0.33, seed: 2})],
      {},
    )
    expect(timing.verdict).to.equal('faster')
    expect(timing.ratio).to.be.closeTo(0.66, 0.02)
    expect(timing.low).to.be.below(timing.ratio)
    expect(timing.high).to.be.above(timing.ratio)
    expect(latency.p50.low).to.be.below(latency.p95.point)
  })

  it('does not call noise a difference', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const pair = [fakeContender({...noisy, seed}), fakeContender({...noisy, seed: seed + 100})] as const
      expect((await measureQuickly(pair, {})).timing.verdict, `seed ${seed}`).to.equal('no difference')
    }
  })

  it('is undecided where a difference may hide in the noise', async () => {
    const jumpy = {...noisy, processNoise: 0.3}
    const pair = [fakeContender({...jumpy, seed: 1}), fakeContender({...jumpy, latencyMs: 0.4, seed: 2})] as const
    expect((await measureQuickly(pair, {})).timing.verdict).to.equal('undecided')
  })

  it('ends after three pairs when that decides it, unless it is to be thorough', async () => {
    for (const [isThorough, starts] of [
      [false, 3],
      [true, 5],
    ] as const) {
      const events: string[] = []
      const pair = [
        fakeContender({...noisy, seed: 1}),
        fakeContender({...noisy, latencyMs: 0.25, seed: 2, onEvent: (event) => events.push(event)}),
      ] as const
      expect((await measureQuickly(pair, {isThorough})).timing.verdict).to.equal('faster')
      expect(events.filter((event) => event === 'start')).to.have.length(starts)
    }
  })

  it('shows the latencies that the ratio is made of', async () => {
    const pair = [fakeContender({...noisy, seed: 1}), fakeContender({...noisy, latencyMs: 0.45, seed: 2})] as const
    const {before, after, ratio} = (await measureQuickly(pair, {})).timing
    expect(after / before).to.be.closeTo(ratio, 1e-12)
  })

  it('ends with the error of the model that fails', async () => {
    const error = new Error('no kernel')
    const failing = fakeContender({...noisy, seed: 2, failStart: {at: 1, error}})
    const outcome: unknown = await measureQuickly([fakeContender({...noisy, seed: 1}), failing], {}).catch(
      (reason) => reason,
    )
    expect(outcome).to.equal(error)
  })
})

describe('quickMeasurement', () => {
  it('times real models in processes of their own', async () => {
    const plan = [{name: 'input', dtype: 'float32', shape: [1, 1, 28, 28], fill: {kind: 'normal'}}] as const
    const [mlp, cnn] = ['fixtures/models/mlp_fm.onnx', 'fixtures/models/cnn_fm.onnx']
    const settings = {provider: 'cpu', threads: 1}
    const options = {source: {kind: 'synthetic', plan, seed: 0}} as const
    const {timing} = await quickMeasurement(mlp, cnn, settings, options)
    expect(timing.low).to.be.at.most(timing.ratio)
    expect(timing.high).to.be.at.least(timing.ratio)
    expect(Math.min(timing.before, timing.after)).to.be.above(0)
  })
})
