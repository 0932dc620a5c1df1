import {expect} from 'chai'
import {ModelError, UnsupportedError} from '../../../src/errors.js'
import {benchOptions} from '../../../src/options/bench.js'
import {parseOptions} from '../../../src/options/parse-options.js'
import type {BenchModel} from '../../../src/pipelines/bench/models.js'
import {settingsOf, sourceOf} from '../../../src/pipelines/bench/timing.js'
import type {InputPlan} from '../../../src/runtime/inputs/plan-inputs.js'

const PLAN: InputPlan = {name: 'x', dtype: 'float32', shape: [2, 3], fill: {kind: 'normal'}}
const model = (more: Partial<BenchModel> = {}): BenchModel => ({
  ...{name: 'm.onnx', path: 'm.onnx', sizeBytes: 1, compressedBytes: 1, parameters: 1, sparsity: 0},
  ...{isQuantized: false, isDynamic: false, evalBatch: 64, failure: undefined},
  ...{inputs: [{name: 'x', dtype: 'float32', shape: ['N', 3]}], plans: new Map([[2, [PLAN]]])},
  ...more,
})

describe('settingsOf', () => {
  it('combines all, threads inside batches inside providers', () => {
    const options = parseOptions(benchOptions, {run: {providers: ['cpu', 'webgpu'], threadCounts: [1, 2]}})
    expect(
      settingsOf(options, [1, 8]).map(({provider, batch, threads}) => `${provider} ${batch} ${threads}`),
    ).to.deep.equal([
      ...['cpu 1 1', 'cpu 1 2', 'cpu 8 1', 'cpu 8 2'],
      ...['webgpu 1 1', 'webgpu 1 2', 'webgpu 8 1', 'webgpu 8 2'],
    ])
    expect(settingsOf(options, [])).to.deep.equal([])
  })
})

describe('sourceOf', () => {
  it('is the data where there is some, cut to a batch, else what was made up', () => {
    expect(sourceOf(model(), 2, undefined, 7)).to.deep.equal({kind: 'synthetic', plan: [PLAN], seed: 7})
    const data = {path: 'd.npz', seed: 0}
    expect(sourceOf(model(), 2, data, 7)).to.deep.equal({kind: 'data', spec: data, limit: 2})
  })

  it('refuses a batch that the model does not take, and names the one that it does', () => {
    const fixed = model({inputs: [{name: 'x', dtype: 'float32', shape: [4, 3]}]})
    expect(() => sourceOf(fixed, 2, undefined, 0))
      .to.throw(UnsupportedError, "input 'x' is fixed at 4, not 2")
      .with.property('hint', 'use --batch 4, or export the model with a free first dimension')
  })

  it('says how a model without elements is timed', () => {
    const empty = model({inputs: [{name: 'x', dtype: 'float32', shape: [0, 'T']}], plans: new Map()})
    expect(() => sourceOf(empty, 1, undefined, 0))
      .to.throw(UnsupportedError)
      .with.property('hint')
      .that.contains('--input-shape x=0,1')
  })

  it('throws what is known to be wrong with the file, or with what was to be made up', () => {
    const wrong = new ModelError('wrong')
    expect(() => sourceOf(model({failure: wrong}), 2, undefined, 0)).to.throw(wrong)
    const unplanned = model({plans: new Map([[2, wrong]])})
    expect(() => sourceOf(unplanned, 2, undefined, 0)).to.throw(wrong)
    expect(sourceOf(unplanned, 2, {path: 'd.npz', seed: 0}, 0).kind).to.equal('data')
  })
})
