import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import type {Feeds} from '../../../src/data/dataset.js'
import {DataError, UnsupportedError, UsageError} from '../../../src/errors.js'
import {openModel} from '../../../src/io/open-model.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {type DType, dtypeCode} from '../../../src/ir/dtype.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../src/ir/model.js'
import type {Value} from '../../../src/ir/value.js'
import {generateInputs} from '../../../src/runtime/inputs/generate-inputs.js'
import {describeInputs, planInputs} from '../../../src/runtime/inputs/plan-inputs.js'
import {startModel} from '../../support/start-model.js'
import {CPU} from '../model-folder.js'

const FREE = {inputShapes: {}, dims: {}}
const MODELS = 'fixtures/models'

function modelOf(write: (build: GraphBuilder) => void): Model {
  const graph = new Graph()
  write(new GraphBuilder(graph))
  return emptyModel(graph)
}

function oneInput(shape: readonly (number | string | undefined)[] | undefined, dtype: DType = 'float32'): Model {
  return modelOf((build) => build.output(build.op('Identity', [build.input('x', shape, dtype)])))
}

describe('planInputs', () => {
  it('makes ids, masks and lengths of a real transformer that fit its tables', async () => {
    const {model, close} = await openModel(join(MODELS, 'bert_spam.onnx'))
    const plan = planInputs(model, FREE)
    close()
    expect(describeInputs(plan)).to.equal('input_ids int64[1,64], attention_mask int64[1,64]')
    expect(plan.map(({fill}) => fill)).to.deep.equal([
      {kind: 'integers', below: 6000},
      {kind: 'constant', value: 1},
    ])
  })

  it('gives every shared model inputs that it runs on', async () => {
    for (const file of readdirSync(MODELS).filter((name) => /^(cnn|lstm|bert)/.test(name))) {
      const path = join(MODELS, file)
      const {model, close} = await openModel(path)
      const plan = planInputs(model, {...FREE, batch: 2})
      close()
      const running = await startModel(path, CPU, {source: {kind: 'synthetic', plan, seed: 1}, batch: 1})
      expect((await running.timeBlock({budgetMs: 0, maxRuns: 1, skip: 0})).latenciesMs, file).to.have.length(1)
      await running.close()
    }
  })

  it('takes the first dimension for the batch and gives one name one size', () => {
    const model = modelOf((build) => {
      for (const name of ['a', 'b']) build.output(build.op('Identity', [build.input(name, ['N', 3, 'T'])]))
      build.output(build.op('Identity', [build.input('c', ['T', undefined])]))
    })
    const shapes = (options: object) => planInputs(model, {...FREE, ...options}).map(({shape}) => shape)
    expect(shapes({})).to.deep.equal([
      [1, 3, 64],
      [1, 3, 64],
      [64, 64],
    ])
    expect(shapes({batch: 8, dims: {T: 5}, inputShapes: {b: [2, 3, 5]}})).to.deep.equal([
      [8, 3, 5],
      [2, 3, 5],
      [5, 64],
    ])
  })

  for (const [form, write] of Object.entries<(build: GraphBuilder, ids: Value, table: Value) => void>({
    'a Gather by Range': (build, ids, table) => {
      const length = build.op('Gather', [build.op('Shape', [ids]), build.scalar(1, 'int64')])
      const range = build.op('Range', [build.scalar(0, 'int64'), length, build.scalar(1, 'int64')])
      build.output(build.op('Gather', [table, range]))
    },
    'a Slice up to the length': (build, ids, table) => {
      const length = build.op('Gather', [build.op('Shape', [ids]), build.ints([1])])
      build.output(build.op('Slice', [table, build.ints([0]), length, build.ints([0])]))
    },
    'a Gather by NonZero of ConstantOfShape': (build, ids, table) => {
      const length = build.op('Gather', [build.op('Shape', [ids]), build.ints([1])])
      const positions = build.op('Transpose', [build.op('NonZero', [build.op('ConstantOfShape', [length])])])
      build.output(build.op('Gather', [table, build.op('Squeeze', [positions])]))
    },
  })) {
    it(`stays inside a table of positions read by ${form}`, () => {
      const model = modelOf((build) => {
        const ids = build.input('ids', ['N', 'T'], 'int64')
        write(build, ids, build.floats(new Float32Array(20), [10, 2]))
      })
      expect(planInputs(model, FREE)[0]?.shape).to.deep.equal([1, 10])
    })
  }

  it('does not take the table of token types for one of positions', () => {
    const model = modelOf((build) => {
      const ids = build.input('ids', ['N', 'T'], 'int64')
      const types = build.op('Expand', [build.ints([0]), build.op('Shape', [ids])])
      build.output(build.op('Gather', [build.floats(new Float32Array(4), [2, 2]), types]))
    })
    expect(planInputs(model, FREE)[0]?.shape).to.deep.equal([1, 64])
  })

  it('follows ids through casts and reshapes into a quantized table', () => {
    const model = modelOf((build) => {
      const ids = build.op('Cast', [build.input('ids', [1, 4], 'int32')], {to: dtypeCode('int64')})
      const flat = build.op('Reshape', [build.op('Unsqueeze', [ids, build.ints([0])]), build.ints([-1])])
      const table = build.constant({dtype: 'int8', shape: [7, 2], read: () => new Int8Array(14)})
      build.output(build.op('Gather', [build.op('DequantizeLinear', [table, build.scalar(0.1)]), flat]))
    })
    expect(planInputs(model, FREE)[0]?.fill).to.deep.equal({kind: 'integers', below: 7})
  })

  it('knows a mask by what is done with it', () => {
    const model = modelOf((build) => {
      const visible = build.op('Unsqueeze', [build.input('visible', [1, 4]), build.ints([1])])
      const hidden = build.op('Sub', [build.scalar(1), visible])
      build.output(build.op('Mul', [hidden, build.scalar(-10000)]))
    })
    expect(planInputs(model, FREE)[0]?.fill).to.deep.equal({kind: 'constant', value: 1})
  })

  it('says what to do about an input without a declared rank', () => {
    expect(() => planInputs(oneInput(undefined), FREE)).to.throw(UsageError, "input 'x' has no declared shape")
    expect(planInputs(oneInput(undefined), {inputShapes: {x: [2]}, dims: {}})[0]?.shape).to.deep.equal([2])
  })

  it('stretches given values to the sizes of the other inputs, or gives sizes to them', () => {
    const model = modelOf((build) => {
      const [h, x] = [build.input('h', [2, 'batch', 4]), build.input('x', ['batch', 'T'])]
      build.output(build.op('Identity', [h]))
      build.output(build.op('Identity', [x]))
    })
    const zero = {dtype: 'uint8', shape: [], data: Uint8Array.of(0)} as const
    const shapes = (feeds: Feeds, options = {}) =>
      planInputs(model, {...FREE, ...options, feeds}).map(({name, shape}) => [name, shape])
    expect(shapes({h: zero}, {batch: 8, dims: {T: 5}})).to.deep.equal([
      ['h', [2, 8, 4]],
      ['x', [8, 5]],
    ])
    const stored = {dtype: 'float32', shape: [2, 3, 4], data: new Float32Array(24)} as const
    expect(shapes({h: stored}, {batch: 8})[1]).to.deep.equal(['x', [3, 64]])
    expect(() => shapes({h: {...stored, shape: [3, 2, 4]}})).to.throw(DataError, '--feed h: expected a value for')
    expect(() => shapes({state: zero})).to.throw(UsageError, '--feed state: the model has no such input')
    const plan = planInputs(model, {...FREE, feeds: {h: {...stored, data: new Float32Array(24).fill(7)}}})
    expect([...(generateInputs(plan, 0).h?.data ?? [])]).to.deep.equal(Array(24).fill(7))
  })

  it('refuses text, and options that do not fit the model', () => {
    const model = oneInput(['N', 3])
    expect(() => planInputs(oneInput([1], 'string'), FREE)).to.throw(UnsupportedError, 'it has string elements')
    expect(() => planInputs(model, {inputShapes: {y: [1]}, dims: {}})).to.throw(UsageError, 'no such input')
    expect(() => planInputs(model, {inputShapes: {x: [1, 4]}, dims: {}})).to.throw(UsageError, 'fits [N,3]')
    expect(() => planInputs(model, {inputShapes: {}, dims: {T: 4}})).to.throw(UsageError, '--dim T')
  })
})
