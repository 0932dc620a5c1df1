import {expect} from 'chai'
import type {Model} from '../../../../src/ir/model.js'
import {specsOf} from '../../../../src/ops/specs-of.js'
import {decide} from '../../../../src/passes/quantize/plan/decide.js'
import type {Edit, Wish} from '../../../../src/passes/quantize/plan/plan.js'
import type {Target} from '../../../../src/passes/quantize/plan/target.js'
import {modelOf, randomFloats, type Write} from '../../../support/pass-trial.js'

/** A convolution, a residual Add, a product, and an embedding beside them. */
const net: Write = (build) => {
  const weight = (seed: number) => build.floats(randomFloats(16 * 16 * 9, seed), [16, 16, 3, 3])
  const pads = {pads: [1, 1, 1, 1]}
  const first = build.op('Conv', [build.input('x', [1, 16, 8, 8]), weight(1)], pads, {name: 'first'})
  const relu = build.op('Relu', [first], {}, {name: 'relu'})
  const second = build.op('Conv', [relu, weight(2)], pads, {name: 'second'})
  const sum = build.op('Add', [relu, second], {}, {name: 'sum'})
  const flat = build.op('Flatten', [sum], {}, {name: 'flat'})
  build.output(build.op('Gemm', [flat, build.floats(randomFloats(1024 * 10), [1024, 10])], {}, {name: 'fc'}))
  const rows = build.op('Gather', [build.floats(randomFloats(2048), [128, 16]), build.input('ids', [2], 'int64')])
  build.output(rows)
}

const target = (model: Model, changes: Partial<Target> = {}): Target => ({
  ...{mode: 'auto', weights: 'int8', format: 'qdq', blockSize: 32, perChannel: true, provider: 'cpu'},
  ...{sizeOf: (dim) => (typeof dim === 'number' ? dim : undefined), specOf: specsOf(model), opset: 21},
  ...{hasRanges: true, ...changes},
})

const model = modelOf(net, 21)
const planned = (changes: Partial<Target> = {}, edits: readonly Edit[] = []) =>
  decide(model.graph, target(model, changes), edits)
const forms = (...given: Parameters<typeof planned>) =>
  Object.fromEntries([...planned(...given).choices.values()].map(({node, form}) => [node.name, form]))
const edit = (name: string, to: Wish): Edit => ({match: {nodes: new Set([name])}, to, because: 'as wished'})

describe('decide', () => {
  it('gives every node the first form of the mode that fits, and takes along what lies between integers', () => {
    expect(forms()).to.deep.equal({
      first: 'static-int8',
      relu: 'absorbed',
      second: 'static-int8',
      sum: 'integer',
      flat: 'integer',
      fc: 'static-int8',
      Gather_0: 'table-int8',
    })
    expect(forms({hasRanges: false})).to.deep.equal({
      first: 'stored-int8',
      second: 'stored-int8',
      fc: 'stored-int8',
      Gather_0: 'table-int8',
    })
    expect(forms({mode: 'dynamic'})).to.include({first: 'stored-int8', fc: 'dynamic-int8'})
    expect(forms({mode: 'weights', weights: 'uint4'})).to.include({first: 'stored-uint4', Gather_0: 'stored-uint4'})
    expect(forms({mode: 'weights', weights: 'int4', format: 'ort'})).to.include({
      fc: 'blocks-int4',
      first: 'stored-int4',
    })
    expect(new Set(Object.values(forms({mode: 'float16'})))).to.deep.equal(new Set(['float16']))
  })

  it('says why a form is not the fastest, and what a node could be besides', () => {
    const choice = [...planned({hasRanges: false}).choices.values()].find(({node}) => node.name === 'fc')
    expect(choice?.because).to.equal('M·K·N = 10240 is under 190000: integers would be slower')
    expect(choice?.could).to.include.members(['dynamic-int8', 'stored-uint4', 'float16', 'float'])
    expect(choice?.could).not.to.include('static-int8')
  })

  it('lets an edit go before the rules, and what lies between layers follow it', () => {
    const edited = forms({}, [edit('second', 'stored')])
    expect(edited).to.include({first: 'static-int8', second: 'stored-int8', fc: 'static-int8'})
    expect(edited).not.to.have.any.keys('sum', 'flat')
    expect(forms({}, [edit('sum', 'float')])).not.to.have.any.keys('sum')
    expect(forms({}, [edit('fc', 'dynamic-uint8')])).to.include({fc: 'dynamic-uint8'})
    expect(forms({hasRanges: false}, [edit('fc', 'integers')])).to.include({fc: 'dynamic-int8'})
    expect(forms({}, [edit('fc', 'not static')])).to.include({fc: 'stored-int8'})
  })

  it('takes no form that a node cannot have, nor one without its data or opset', () => {
    expect(forms({hasRanges: false}, [edit('first', 'static-int8')])).to.include({first: 'float'})
    expect(forms({}, [edit('first', 'dynamic-int8')])).to.include({first: 'float'})
    expect(forms({opset: 17, mode: 'weights', weights: 'int4'})).to.include({first: 'float'})
  })

  it('quantizes what float first layers give at once', () => {
    const {choices, spans} = planned({}, [edit('first', 'stem')])
    const stem = [...choices.values()].find(({node}) => node.name === 'first')
    expect(stem).to.include({form: 'stored-int8', isStem: true, because: 'as wished'})
    expect(spans.compute.size).to.equal(2)
  })

  it('is the same for the same graph, and edits of its own choices change nothing', () => {
    const again = [...planned().choices.values()]
      .filter(({form}) => form !== 'integer' && form !== 'absorbed')
      .map(({node, form}) => edit(node.name, form))
    expect(forms({}, again)).to.deep.equal(forms())
  })

  it('says of what reads a whole table with the Gather that its integers are stored', () => {
    const tied = modelOf((build) => {
      const table = build.floats(randomFloats(2048), [128, 16])
      const rows = build.op('Gather', [table, build.input('ids', [2], 'int64')], {}, {name: 'rows'})
      const turned = build.op('Transpose', [table], {perm: [1, 0]}, {name: 'turned'})
      build.output(build.op('MatMul', [rows, turned]))
    }, 21)
    const {choices} = decide(tied.graph, target(tied, {mode: 'weights'}))
    const named = Object.fromEntries([...choices.values()].map(({node, form}) => [node.name, form]))
    expect(named).to.include({rows: 'table-int8', turned: 'stored-int8'})
  })
})
