import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {WEIGHT_TYPES} from '../../../../src/passes/quantize/numbers/weight-type.js'
import {quantizeEmbeddings, whyNotTable} from '../../../../src/passes/quantize/weights/embeddings.js'
import {reasonsIn, typeWhere} from '../../../support/chosen-type.js'
import {
  apply,
  compareAround,
  kernelsOf,
  modelOf,
  onlyNode,
  opTypes,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'

const lookUp: Write = (build) => {
  const table = build.floats(randomFloats(100 * 16), [100, 16], 'table')
  const rows = build.op('Gather', [table, build.input('ids', ['N', 'T'], 'int64')], {}, {name: 'first'})
  const more = build.op('Gather', [
    table,
    build.constant({dtype: 'int64', shape: [], read: () => BigInt64Array.of(7n)}),
  ])
  build.output(build.op('Add', [rows, more], {}, {outputs: ['y']}))
}
const feeds = {ids: new OrtTensor('int64', BigInt64Array.of(0n, 99n, 5n, 42n, 7n, 1n), [2, 3])}

const typeOf = typeWhere(whyNotTable)

describe('quantizeEmbeddings', () => {
  for (const perChannel of [true, false]) {
    it(`looks rows up in int8 and restores only those, ${perChannel ? 'per column' : 'per table'}`, async () => {
      const passFor = () => quantizeEmbeddings({perChannel, typeOf})
      const {model, report, maxAbs} = await compareAround(lookUp, feeds, passFor)
      expect(opTypes(model)).to.deep.equal(['Gather', 'DequantizeLinear', 'Gather', 'DequantizeLinear', 'Add'])
      expect(report.changed.map(({rule, to}) => [rule, to])).to.deep.equal([
        ['embedding', 'int8'],
        ['embedding', 'int8'],
      ])
      expect(model.graph.constants().filter(({constant}) => constant?.dtype === 'int8')).to.have.length(1)
      expect(model.graph.constants().some(({name}) => name === 'table')).to.equal(false)
      // two values, each half a step of at most 1/127 off
      expect(maxAbs)
        .to.be.above(0)
        .and.below(1 / 127 + 1e-6)
    })
  }

  it('stores unsigned tables with zero points, one per column', async () => {
    const unsigned = () => quantizeEmbeddings({perChannel: true, typeOf: typeWhere(whyNotTable, WEIGHT_TYPES.uint8)})
    const {model, report, maxAbs} = await compareAround(lookUp, feeds, unsigned)
    expect(report.changed.map(({to}) => to)).to.deep.equal(['uint8', 'uint8'])
    expect(model.graph.constants().filter(({constant}) => constant?.dtype === 'uint8')).to.have.length(2)
    // two values, each half a step of at most 2/255 off
    expect(maxAbs)
      .to.be.above(0)
      .and.below(2 / 255 + 1e-6)
  })

  it('keeps the table int8 in ONNX Runtime too', async () => {
    const model = modelOf(lookUp)
    await apply(quantizeEmbeddings({perChannel: true, typeOf}), model)
    expect(await kernelsOf(model))
      .to.include({Gather: 1})
      .and.to.include.keys('DequantizeLinear')
  })

  it('keeps the name of a graph output', async () => {
    const write: Write = (build) => {
      const table = build.floats(randomFloats(64 * 16), [64, 16])
      build.output(build.op('Gather', [table, build.input('ids', [2], 'int64')], {}, {outputs: ['rows']}))
    }
    const ids = new OrtTensor('int64', BigInt64Array.of(3n, 63n), [2])
    const {model, maxAbs} = await compareAround(write, {ids}, () => quantizeEmbeddings({perChannel: true, typeOf}))
    expect(model.graph.outputs.map(({name}) => name)).to.deep.equal(['rows'])
    expect(maxAbs).to.be.below(1 / 254 + 1e-6)
  })

  it('stores a table once that the output product reads as well', async () => {
    const write: Write = (build) => {
      const table = build.floats(randomFloats(100 * 16), [100, 16], 'table')
      const turned = build.op('Transpose', [table], {perm: [1, 0]})
      const rows = build.op('Gather', [table, build.input('ids', ['N', 'T'], 'int64')])
      build.output(build.op('MatMul', [rows, turned], {}, {outputs: ['y']}))
    }
    const {model, report, maxAbs} = await compareAround(write, feeds, () =>
      quantizeEmbeddings({perChannel: true, typeOf}),
    )
    expect(report.changed.map(({rule, op}) => [rule, op])).to.deep.equal([
      ['embedding', 'Gather'],
      ['weights-only', 'Transpose'],
    ])
    expect(model.graph.constants().filter(({constant}) => constant?.shape.length === 2)).to.have.length(1)
    // 16 products of numbers up to 1, each factor half a step of at most 1/127 off
    expect(maxAbs)
      .to.be.above(0)
      .and.below(16 / 127)
    expect(await kernelsOf(model)).not.to.have.any.keys('Cast', 'Mul', 'Transpose')
  })

  it('leaves a table float for a reader that is excluded', async () => {
    const model = modelOf((build) => {
      const table = build.floats(randomFloats(100 * 16), [100, 16], 'table')
      build.output(build.op('Gather', [table, build.input('ids', [2], 'int64')]))
      build.output(build.op('Transpose', [table], {}, {name: 'head'}))
    })
    await apply(quantizeEmbeddings({perChannel: true, typeOf, mayShare: ({name}) => name !== 'head'}), model)
    expect(onlyNode(model, 'Transpose').inputs[0]?.name).to.equal('table')
  })

  it('leaves small tables, columns and integer tables alone', () => {
    const model = modelOf((build) => {
      const ids = build.input('ids', [2], 'int64')
      const big = build.floats(randomFloats(64 * 16), [64, 16])
      build.output(build.op('Gather', [build.floats(randomFloats(64), [8, 8]), ids]))
      build.output(build.op('Gather', [big, ids], {axis: 1}))
      build.output(build.op('Gather', [build.ints([1, 2, 3]), ids]))
    })
    expect(reasonsIn(model, whyNotTable).map(([, reason]) => reason)).to.deep.equal([
      'its table has only 64 elements',
      'it gathers columns, not rows',
    ])
  })
})
