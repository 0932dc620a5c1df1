import {expect} from 'chai'
import type {Model} from '../../../src/ir/model.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {Float16Range} from '../../../src/pipelines/quantize/float16-range.js'
import {modelOf, randomFloats, type Write} from '../../support/pass-trial.js'
import {SILENT} from '../../support/pipeline-options.js'

const PLAN = [{name: 'x', dtype: 'float32', shape: [4, 300], fill: {kind: 'normal'}}] as const

async function kept(write: Write) {
  const model: Model = modelOf(write)
  inferModel(model)
  const range = new Float16Range({kind: 'synthetic', plan: PLAN, seed: 0}, {threads: 1, dims: {}}, SILENT)
  const nodes = await range.nodesBeyond(model)
  return {reasons: Object.fromEntries([...nodes].map(([{name}, reason]) => [name, reason])), warnings: range.warnings}
}

describe('Float16Range', () => {
  it('finds sums that pass the range although their result does not, and values that do', async () => {
    const {reasons, warnings} = await kept((build) => {
      const x = build.input('x', [4, 300])
      const wide = build.op('Mul', [x, build.scalar(800)], {}, {name: 'scaled'})
      build.output(build.op('ReduceMean', [wide], {axes: [1]}, {name: 'mean'}))
      build.output(build.op('Pow', [wide, build.scalar(2)], {}, {name: 'square'}))
      build.output(build.op('MatMul', [wide, build.floats(randomFloats(300 * 5), [300, 5])], {}, {name: 'product'}))
      build.output(build.op('MatMul', [x, build.floats(randomFloats(300 * 5), [300, 5])], {}, {name: 'small'}))
    })
    expect(reasons).to.have.keys('mean', 'square', 'product')
    expect(reasons.mean).to.match(/^its sums can come to \d\.\de\+\d, beyond float16's range$/)
    expect(reasons.square).to.match(/^values of .* pass float16's range$/)
    expect(warnings.map(({code, message}) => [code, message])[0]).to.match(
      /^FLOAT16_RANGE,values or sums pass float16's range on made-up inputs, float32 is kept in: ReduceMean 'mean', Pow 'square', MatMul 'product'$/,
    )
  })

  it('does not take masks for numbers that are too large', async () => {
    const {reasons, warnings} = await kept((build) => {
      const mask = build.floats(
        randomFloats(300).map((value) => (value > 0 ? 0 : -1e9)),
        [1, 300],
      )
      const masked = build.op('Add', [build.input('x', [4, 300]), mask], {}, {name: 'masked'})
      const none = build.floats(
        randomFloats(300).map((value, i) => (i % 2 ? 0 : value > 0 ? 0 : Number.NEGATIVE_INFINITY)),
        [1, 300],
      )
      build.output(build.op('Softmax', [build.op('Add', [masked, none], {}, {name: 'guarded'})], {axis: -1}))
    })
    expect(reasons).to.deep.equal({})
    expect(warnings).to.deep.equal([])
  })
})
