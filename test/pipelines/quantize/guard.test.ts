import {join} from 'node:path'
import {expect} from 'chai'
import type {QuantizeOptions} from '../../../src/options/quantize.js'
import {quantize} from '../../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../../support/data-folder.js'
import {type Flat, quantizeOptions, SILENT} from '../../support/pipeline-options.js'

describe('guard', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  let runs = 0

  const quantized = (name: string, changes: Flat<QuantizeOptions>) => {
    const own = {data: `fixtures/cases/${name}/data.npz`, output: join(folder.path, `${runs++}.onnx`)}
    return quantize(`fixtures/cases/${name}/model.onnx`, quantizeOptions({...own, ...changes}), SILENT)
  }

  it('tries ranges, then layers in float, and takes the first plan that keeps the answers', async () => {
    const {tried, fidelity, warnings} = await quantized('entropy-one-outlier', {})
    expect(tried.map(({what}) => what).slice(0, 4)).to.deep.equal([
      ...['ranges by minmax', 'ranges by mse', 'ranges by percentile'],
      'the last layers before the outputs in float, ranges by mse',
    ])
    expect(tried.map(({passed}) => passed)).to.deep.equal(tried.map((_, i) => i === tried.length - 1))
    expect(tried.map(({chosen}) => chosen)).to.deep.equal(tried.map(({passed}) => passed))
    for (const {value, floor, passed} of tried) expect((value ?? 0) >= (floor ?? 1), 'what was seen').to.equal(passed)
    expect(fidelity?.agreement).to.be.above(0.98)
    expect(warnings.map(({code}) => code)).not.to.include('LOW_FIDELITY')
  })

  it('gives 4-bit weights finer blocks, then 8 bits, where they are too coarse', async () => {
    const {tried, fidelity, output} = await quantized('output-not-batch-first', {weights: 'int4', rounding: 'nearest'})
    expect(tried[0]).to.include({what: 'the rules', passed: false})
    expect(tried.at(-1)).to.include({passed: true, chosen: true})
    expect(fidelity?.agreement).to.be.at.least(0.98)
    const plain = await quantized('output-not-batch-first', {weights: 'int4', rounding: 'nearest', guard: false})
    expect(plain.tried).to.be.empty
    expect(plain.fidelity?.agreement).to.be.below(0.9)
    expect(plain.output.sizeBytes).to.be.below(output.sizeBytes)
  })

  it('judges once where the rules keep the answers, and not at all where nothing is to be run', async () => {
    const kept = await quantized('equalization', {})
    expect(kept.tried).to.have.length(1)
    expect(kept.fidelity?.sqnrDb).to.be.above(30)
    expect((await quantized('equalization', {verify: false})).tried).to.be.empty
  })

  it('does not leave integers where they were asked for by name, and says that they keep too little', async () => {
    const {tried, mode, changed} = await quantized('entropy-one-outlier', {
      mode: 'static',
      overrides: [{pattern: /./, to: 'int8'}],
    })
    expect(mode).to.equal('static')
    expect(tried.every(({passed}) => !passed)).to.equal(true)
    expect(tried.filter(({chosen}) => chosen)).to.have.length(1)
    expect(changed.some(({form}) => form === 'static')).to.equal(true)
  })
})
