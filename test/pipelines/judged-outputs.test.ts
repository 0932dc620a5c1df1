import {join} from 'node:path'
import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import type {QuantizeOptions} from '../../src/options/quantize.js'
import {prune} from '../../src/pipelines/prune/prune.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {quantizeResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {errorOf} from '../support/data-reading.js'
import {type Flat, IMAGE_DATA, pruneOptions, quantizeOptions, SILENT} from '../support/pipeline-options.js'

/** 4 bits as plainly as they come: 32 weights share a scale. */
const COARSE = {weights: 'int4', rounding: 'nearest', blockSize: 64} as const

describe('outputs judged by what they mean', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  let runs = 0

  const quantized = (name: string, changes: Flat<QuantizeOptions>) => {
    const own = {data: `fixtures/cases/${name}/data.npz`, output: join(folder.path, `${runs++}.onnx`)}
    return quantize(`fixtures/cases/${name}/model.onnx`, quantizeOptions({...own, guard: false, ...changes}), SILENT)
  }

  it('compares every row of an output whose first axis does not count samples', async () => {
    const {fidelity, warnings} = await quantized('output-not-batch-first', COARSE)
    // an independent loop over all samples says 19.7 dB; only the first row of each is equal
    expect(fidelity?.sqnrDb).to.be.within(19, 21)
    expect(warnings.map(({code}) => code)).to.include('LOW_FIDELITY')
  })

  it('counts every token in the histograms of calibration, whatever the batch', async () => {
    const options = {mode: 'static', calibration: 'percentile'} as const
    const results = await Promise.all(
      [1, 3, 16].map((batch) => quantized('histogram-flattened-tokens', {...options, batch})),
    )
    const figures = results.map(({fidelity}) => fidelity?.sqnrDb ?? 0)
    // minmax gives 38.2
    expect(figures[0]).to.be.above(30)
    expect(new Set(figures).size).to.equal(1)
  })

  it('judges each output by its own kind: integers that are equal do not hide a float output', async () => {
    const result = await quantized('integer-outputs-pooled', {mode: 'static'})
    const outputs = result.fidelity?.outputs.map(({name, kind, measure}) => [name, kind, measure])
    expect(outputs).to.deep.include.members([
      ['codes', 'integers', 'equal values'],
      ['y', 'regression', 'R²'],
    ])
    // 36.6 dB by an independent run; pooled with the integers it was 251
    expect(result.fidelity?.sqnrDb).to.be.within(35, 38)
    expect(result.fidelity?.worst).to.equal('y')
    expect(quantizeResult.safeParse(result).success).to.equal(true)
  })

  it('takes what the user says of an output, and refuses an output that is not there', async () => {
    const named = await quantized('integer-outputs-pooled', {
      mode: 'static',
      outputKinds: {y: {kind: 'embedding', threshold: undefined}},
    })
    expect(named.fidelity?.outputs.find(({name}) => name === 'y')).to.include({
      kind: 'embedding',
      because: '--output-kind says so',
      measure: 'cosine of rows',
    })
    const wrong = {outputKinds: {z: {kind: 'mask', threshold: undefined}}} as const
    expect(await errorOf(quantized('integer-outputs-pooled', wrong))).to.be.instanceOf(UsageError)
  })

  it('misses a budget on agreement and on noise, by the worst output', async () => {
    const missed = await quantized('output-not-batch-first', {...COARSE, minAgreement: '98%', minSqnr: '25dB'})
    expect(missed.budget?.checks.map(({name, passed}) => [name, passed])).to.deep.equal([
      ['min-agreement', false],
      ['min-sqnr', false],
    ])
    const kept = await quantized('output-not-batch-first', {weights: 'int8', minSqnr: '25dB'})
    expect(kept.budget?.passed).to.equal(true)
  })

  it('warns of zeros that change the answers, and says what to try', async () => {
    const options = pruneOptions({...IMAGE_DATA, sparsity: 0.9, output: join(folder.path, 'mobile.onnx')})
    const {warnings, fidelity} = await prune('fixtures/models/mobile_fm_bn.onnx', options, SILENT)
    expect(fidelity?.agreement).to.be.below(0.9)
    const low = warnings.find(({code}) => code === 'LOW_FIDELITY')
    expect(low?.message).to.match(/^output 'logits' \(labels\) keeps [\d.]+ % by same labels, less than 98\.0 %$/)
    expect(low?.hint).to.match(/--sparsity/)
  })

  it('says nothing of decisions on inputs that were made up', async () => {
    const {fidelity} = await quantized('output-not-batch-first', {data: undefined})
    expect(fidelity).to.include({inputs: 'synthetic', agreement: null})
    expect(fidelity?.outputs[0]).to.include({value: null, reason: 'the inputs were made up'})
  })
})
