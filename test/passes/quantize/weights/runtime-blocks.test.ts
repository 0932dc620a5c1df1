import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Node} from '../../../../src/ir/node.js'
import {elementCount} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {WEIGHT_TYPES, type WeightType} from '../../../../src/passes/quantize/numbers/weight-type.js'
import {
  quantizeRuntimeBlocks,
  type RuntimeBlockOptions,
  whyNotBlocks,
} from '../../../../src/passes/quantize/weights/runtime-blocks.js'
import {reasonsIn, typeWhere} from '../../../support/chosen-type.js'
import {
  apply,
  type Comparison,
  compareAround,
  floatFeed,
  kernelsOf,
  maxDifference,
  modelOf,
  opTypes,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'
import type {Results} from '../../../support/run-graph.js'

const blocks =
  (dtype: WeightType['dtype'], changes: Partial<RuntimeBlockOptions> = {}) =>
  () =>
    quantizeRuntimeBlocks({
      typeOf: typeWhere((node) => whyNotBlocks(node, 32), WEIGHT_TYPES[dtype]),
      blockSize: 32,
      ...changes,
    })

const product =
  (rows: number, columns: number, offset = 0): Write =>
  (build) => {
    const values = randomFloats(rows * columns, 3).map((value) => value + offset)
    const weight = build.floats(values, [rows, columns], 'w')
    build.output(build.op('MatMul', [build.input('x', [2, 3, rows]), weight], {}, {outputs: ['y']}))
  }

type Result = Comparison['after'][string]

/**
 * Weights even over ±1, inputs too: half a weight step (of 2 over the type's steps) per product, and half an input step of 1/127,
 * which the kernel quantizes to by block.
 */
function bound(fanIn: number, dtype: WeightType['dtype']): number {
  const {low, high} = WEIGHT_TYPES[dtype]
  const weightStep = 2 / (high - low)
  return fanIn * (weightStep / 2 + 1 / 127) + 1e-5
}

const table: Write = (build) => {
  const ids = build.input('ids', ['N'], 'int64')
  build.output(build.op('Gather', [build.floats(randomFloats(50 * 64), [50, 64], 'table'), ids], {}, {outputs: ['y']}))
}
const ids = {ids: new OrtTensor('int64', BigInt64Array.of(0n, 49n, 7n, 7n), [4])}

describe('quantizeRuntimeBlocks', () => {
  for (const dtype of ['int8', 'uint8', 'int4', 'uint4'] as const) {
    for (const [rows, columns] of [
      [64, 24],
      [80, 7],
      [20, 5],
      [96, 3],
    ] as const) {
      it(`multiplies with ${dtype} blocks of a ${rows}x${columns} matrix`, async () => {
        const feeds = {x: floatFeed([2, 3, rows])}
        const {model, report, maxAbs} = await compareAround(product(rows, columns), feeds, blocks(dtype))
        expect(opTypes(model)).to.deep.equal(['MatMulNBits'])
        expect(report.changed.map(({rule, to}) => [rule, to])).to.deep.equal([['runtime-blocks', dtype]])
        expect(maxAbs).to.be.above(0).and.below(bound(rows, dtype))
      })
    }

    it(`looks up rows of ${dtype} blocks`, async () => {
      const {model, maxAbs} = await compareAround(table, ids, blocks(dtype), {opset: 21})
      expect(await kernelsOf(model)).to.deep.equal({GatherBlockQuantized: 1})
      const step = dtype.endsWith('4') ? 1 / 7 : 1 / 127
      expect(maxAbs)
        .to.be.above(0)
        .and.below(step / 2 + 1e-6)
    })
  }

  for (const transB of [0, 1]) {
    for (const bias of [true, false]) {
      it(`multiplies with blocks of a Gemm, transB ${transB}, ${bias ? 'its bias added' : 'no bias'}`, async () => {
        const write: Write = (build) => {
          const weight = build.floats(randomFloats(50 * 12, 3), transB ? [12, 50] : [50, 12], 'w')
          const inputs = [build.input('x', [4, 50]), weight, ...(bias ? [build.floats(randomFloats(12, 4))] : [])]
          build.output(build.op('Gemm', inputs, {transB}, {outputs: ['y']}))
        }
        const {model, maxAbs} = await compareAround(write, {x: floatFeed([4, 50])}, blocks('uint8'))
        expect(opTypes(model)).to.deep.equal(['MatMulNBits'])
        expect(maxAbs).to.be.above(0).and.below(bound(50, 'uint8'))
      })
    }
  }

  it('has zero points that follow weights all of one sign', async () => {
    const feeds = {x: floatFeed([2, 3, 80], 9, 0.5)}
    const {maxAbs} = await compareAround(product(80, 7, 3), feeds, blocks('uint4'))
    // zero belongs to the range of 0..4: half a step of 4/15 per product of inputs within 0.5, and half an input step of 0.5/127
    expect(maxAbs)
      .to.be.above(0)
      .and.below(80 * (0.5 * (4 / 30) + 4 * (0.5 / 254)))
  })

  for (const dtype of ['int8', 'uint8', 'int4', 'uint4'] as const) {
    for (const [title, tied] of [
      ['a Gemm', (build, rows, weight) => build.op('Gemm', [rows, weight], {transB: 1}, {outputs: ['y']})],
      [
        'a MatMul and a Transpose',
        (build, rows, weight) => build.op('MatMul', [rows, build.op('Transpose', [weight])], {}, {outputs: ['y']}),
      ],
    ] as const satisfies readonly [string, (build: GraphBuilder, rows: Value, weight: Value) => Value][]) {
      it(`stores a table once as ${dtype} that ${title} multiplies with too`, async () => {
        const write: Write = (build) => {
          const weight = build.floats(randomFloats(50 * 64), [50, 64], 'table')
          const rows = build.op('Gather', [weight, build.input('ids', ['N'], 'int64')], {}, {outputs: ['rows']})
          build.output(rows)
          build.output(tied(build, rows, weight))
        }
        const {model, after, before} = await compareAround(write, ids, blocks(dtype), {opset: 21, optimization: 'all'})
        const large = model.graph.constants().filter(({constant}) => elementCount(constant?.shape ?? []) >= 800)
        expect(large.map(({name}) => name)).to.deep.equal(['table_q'])
        expect(await kernelsOf(model)).to.deep.equal({GatherBlockQuantized: 1, MatMulNBits: 1})
        const step = 2 / (WEIGHT_TYPES[dtype].high - WEIGHT_TYPES[dtype].low)
        expect(maxDifference({rows: before.rows as Result}, {rows: after.rows as Result})).to.be.below(step / 2 + 1e-6)
        // both operands of the product are off by half a step
        expect(maxDifference(before, after)).to.be.below(bound(64, dtype) + (64 * step) / 2)
      })
    }
  }

  it('stays the kernel of its own through the optimizer', async () => {
    const model = modelOf(product(64, 24))
    await apply(blocks('int4')(), model)
    expect(await kernelsOf(model)).to.deep.equal({MatMulNBits: 1})
  })

  it('works inside branches, stores a weight they share once, and takes the float one away', async () => {
    const write: Write = (build) => {
      const [x, weight] = [build.input('x', [2, 32]), build.floats(randomFloats(32 * 32), [32, 32], 'w')]
      const branch = (name: string) => {
        const inner = new GraphBuilder(new Graph(name, build.graph))
        inner.output(inner.op('MatMul', [x, weight]))
        return inner.graph
      }
      const branches = {then_branch: branch('t'), else_branch: branch('e')}
      build.output(build.op('If', [build.scalar(1, 'bool')], branches, {outputs: ['y']}))
    }
    const {model, maxAbs} = await compareAround(write, {x: floatFeed([2, 32])}, blocks('int8'))
    expect(opTypes(model)).to.deep.equal(['If', 'MatMulNBits', 'MatMulNBits'])
    expect(model.graph.constants().map(({name}) => name)).to.include.members(['w_q', 'w_s'])
    expect(model.graph.constants().filter(({name}) => name.startsWith('w'))).to.have.length(2)
    expect(maxAbs).to.be.below(bound(32, 'int8'))
  })

  it('stores a weight apart for readers that want it in other types', async () => {
    const write: Write = (build) => {
      const weight = build.floats(randomFloats(64 * 32), [64, 32], 'w')
      const x = build.input('x', [2, 64])
      for (const name of ['few', 'many']) build.output(build.op('MatMul', [x, weight], {}, {name, outputs: [name]}))
    }
    const typeOf = ({name, opType}: Node) =>
      opType === 'MatMul' ? WEIGHT_TYPES[name === 'few' ? 'int4' : 'int8'] : undefined
    const passFor = () => quantizeRuntimeBlocks({typeOf, blockSize: 32})
    const {model, after, before} = await compareAround(write, {x: floatFeed([2, 64])}, passFor)
    expect(opTypes(model)).to.deep.equal(['MatMulNBits', 'MatMulNBits'])
    const error = (name: string) => maxDifference({[name]: before[name]} as Results, {[name]: after[name]} as Results)
    expect(error('many'))
      .to.be.above(0)
      .and.below(error('few') / 4)
  })

  it('says why it leaves weights alone', () => {
    const model = modelOf((build) => {
      const x = build.input('x', [2, 4, 40])
      build.output(build.op('MatMul', [x, build.floats(randomFloats(2 * 40 * 4), [2, 40, 4])], {}, {name: 'batch'}))
      const square = build.input('square', [40, 40])
      build.output(
        build.op('Gemm', [square, build.floats(randomFloats(1600), [40, 40])], {transA: 1}, {name: 'turned'}),
      )
      const rows = build.floats(randomFloats(400), [10, 40])
      build.output(build.op('Gather', [rows, build.ints([1])], {}, {name: 'odd'}))
      build.output(build.op('Gather', [rows, build.ints([1])], {axis: 1}, {name: 'columns'}))
    })
    expect(reasonsIn(model, (node) => whyNotBlocks(node, 32))).to.deep.equal([
      ['batch', 'its weight is not a matrix'],
      ['turned', 'its data input is transposed'],
      ['odd', 'its rows of 40 are no whole blocks of 32'],
      ['columns', 'it gathers columns, not rows'],
    ])
  })
})
