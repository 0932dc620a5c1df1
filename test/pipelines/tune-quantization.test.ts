import {writeFileSync} from 'node:fs'
import {expect} from 'chai'
import {exactSchedule} from '../../src/bench/schedule.js'
import {encodeModel} from '../../src/io/encode-model.js'
import type {Model} from '../../src/ir/model.js'
import type {Tuning} from '../../src/pipelines/quantize-tuning.js'
import {type TuneResult, tuneQuantization} from '../../src/pipelines/tune-quantization.js'
import {modelOf, randomFloats} from '../support/pass-trial.js'
import {SILENT} from '../support/pipeline-options.js'

/** Three processes of one run. */
const SHORT = {warmup: {runs: 1}, planner: exactSchedule(3), maxTimeMs: 5000, startTogether: true}

/** A product as many times as said: the latencies of any two lie so far apart that no noise turns them around. */
function chain(products: number): Model {
  return modelOf((build) => {
    let x = build.input('x', [128, 128])
    const weight = build.floats(randomFloats(128 * 128, 1, 0.1), [128, 128])
    for (let i = 0; i < products; i++) x = build.op('MatMul', [x, weight])
    build.output(x)
  })
}

/** Tunes a model whose files have so many products. */
function tune(byRule: number, productsOf: (tuning: Tuning) => number): Promise<TuneResult> {
  const task = {
    model: chain(1),
    isStatic: false,
    settings: {provider: 'cpu', threads: 1},
    source: {
      kind: 'synthetic',
      plan: [{name: 'x', dtype: 'float32', shape: [128, 128], fill: {kind: 'normal'}}],
      seed: 0,
    },
    write: async (tuning: Tuning, path: string) => {
      const products = Object.keys(tuning).length === 0 ? byRule : productsOf(tuning)
      writeFileSync(path, products > 0 ? encodeModel(chain(products)) : 'no model')
    },
  } as const
  return tuneQuantization(task, SILENT, {screening: SHORT, confirmation: SHORT})
}

describe('tuneQuantization', () => {
  it('keeps the fastest of the alternatives, and says what it timed', async () => {
    const {tuning, tuned, warnings} = await tune(60, ({allProducts}) => (allProducts ? 20 : 1))
    expect(tuning).to.deep.equal({largeProducts: true})
    expect(tuned.map(({alternative, kept}) => [alternative, kept])).to.deep.equal([
      ['all on integers', false],
      ['large ones on integers', true],
    ])
    for (const {ratio, low, high} of tuned) expect(ratio).to.be.within(low as number, high as number)
    expect(warnings).to.be.empty
  })

  it('keeps the rules where every alternative is slower, or does not load', async () => {
    const {tuning, tuned} = await tune(1, ({allProducts}) => (allProducts ? 40 : 0))
    expect(tuning).to.deep.equal({})
    expect(tuned).to.have.length(2)
    expect(tuned.some(({kept}) => kept)).to.equal(false)
    expect(tuned[1]).to.deep.include({ratio: null, low: null, high: null})
  })

  it('times no alternative that comes to the same file', async () => {
    expect((await tune(1, () => 1)).tuned).to.be.empty
  })

  it('says that a model could not be timed', async () => {
    const {tuning, tuned, warnings} = await tune(0, () => 1)
    expect({tuning, tuned}).to.deep.equal({tuning: {}, tuned: []})
    expect(warnings.map(({code}) => code)).to.deep.equal(['TUNE_FAILED'])
  })
})
