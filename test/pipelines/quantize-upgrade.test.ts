import {expect} from 'chai'
import {float} from '../../src/ir/attribute.js'
import type {Model} from '../../src/ir/model.js'
import {verify} from '../../src/ir/verify.js'
import type {QuantizeMode} from '../../src/passes/quantize/plan/target.js'
import {quantizeGraph} from '../../src/pipelines/quantize/quantize-model.js'
import {floatFeed, modelOf, opTypes, peakOf, randomFloats, type Write} from '../support/pass-trial.js'
import {PASS_DEFAULTS} from '../support/pipeline-options.js'
import {runGraph} from '../support/run-graph.js'

/** A product large enough for integers, between operators that opset 11 and 13 changed. */
const write: Write = (build) => {
  const weight = build.floats(randomFloats(512 * 256), [512, 256], 'w')
  const clipped = build.op('Clip', [build.input('x', ['N', 512])], {min: float(-0.5), max: float(0.5)})
  build.output(build.op('Unsqueeze', [build.op('MatMul', [clipped, weight])], {axes: [0]}))
}

async function quantized(opset: number, mode: QuantizeMode, perChannel: boolean): Promise<Model> {
  const model = modelOf(write, opset)
  await quantizeGraph(model, {...PASS_DEFAULTS, mode, perChannel, peak: 127, sizeOf: () => undefined})
  expect(verify(model.graph)).to.deep.equal([])
  return model
}

describe('quantizeGraph of an old model', () => {
  it('upgrades it to what per-channel weights need, says so, and gives nearly the same', async () => {
    const model = await quantized(9, 'dynamic', true)
    expect(model.opsets.get('')).to.equal(13)
    expect(model.warnings.map(({message}) => message)).to.include('upgraded from opset 9 to 13')
    expect(opTypes(model)).to.include('MatMulInteger')

    const feeds = {x: floatFeed([3, 512])}
    const [before, after] = [await runGraph(modelOf(write, 9), feeds), await runGraph(model, feeds)]
    const [a, b] = [Object.values(before)[0], Object.values(after)[0]]
    const worst = Math.max(...Array.from(a?.data ?? [], (value, i) => Math.abs(Number(value) - Number(b?.data[i]))))
    expect(worst).to.be.below(0.02 * peakOf(before))
  })

  it('goes no further than needed', async () => {
    expect((await quantized(9, 'dynamic', false)).opsets.get('')).to.equal(11)
    const weightsOnly = await quantized(9, 'weights', true)
    expect(weightsOnly.opsets.get('')).to.equal(9)
    expect(weightsOnly.warnings).to.deep.equal([])
  })
})
