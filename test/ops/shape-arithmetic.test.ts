import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {evaluateDim} from '../../src/ir/dim.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import type {Shape} from '../../src/ir/types.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {shapeOf} from '../../src/ops/operand.js'
import {runGraph, sampleTensor} from '../support/run-graph.js'

const SIZES = [
  {N: 2, H: 9},
  {N: 3, H: 12},
  {N: 1, H: 7},
]

/** A zero tensor of the sizes that arithmetic on x[N, 3, H, 8] computes, inferred and run at three sizes of the input. */
async function sizesOf(describe: (build: GraphBuilder, x: Value, sizes: Value) => Value): Promise<Shape | undefined> {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const x = build.input('x', ['N', 3, 'H', 8])
  build.output(build.op('ConstantOfShape', [describe(build, x, build.op('Shape', [x]))]))
  const model = emptyModel(graph, 18)
  const [output] = graph.outputs as [Value]
  const real = []
  for (const {N, H} of SIZES) {
    const results = await runGraph(model, {x: sampleTensor('float32', [N, 3, H, 8])})
    real.push(results[output.name]?.dims)
  }
  inferModel(model)
  const inferred = SIZES.map((sizes) => shapeOf(output)?.map((size) => evaluateDim(size, sizes)))
  expect(inferred).to.deep.equal(real)
  return shapeOf(output)
}

const at = (build: GraphBuilder, sizes: Value, index: number) => build.op('Gather', [sizes, build.ints([index])])

describe('shape arithmetic', () => {
  it('follows sizes through minimum, maximum, negation and products', async () => {
    const shape = await sizesOf((build, _x, sizes) => {
      const [n, h] = [at(build, sizes, 0), at(build, sizes, 2)]
      const grown = build.op('Max', [h, build.op('Add', [h, build.ints([2])])])
      const cut = build.op('Min', [h, build.op('Sub', [h, build.ints([1])])])
      const product = build.op('ReduceProd', [sizes, build.ints([0])], {keepdims: 1})
      const back = build.op('Neg', [build.op('Neg', [n])])
      return build.op('Concat', [grown, cut, product, back], {axis: 0})
    })
    expect(shape?.slice(0, 2)).to.deep.equal(['H + 2', 'H - 1'])
  })

  it('follows sizes through float scales and rounding, as exporters of Upsample write them', async () => {
    await sizesOf((build, _x, sizes) => {
      const spatial = build.op('Slice', [sizes, build.ints([2]), build.ints([4])])
      const asFloat = build.op('Cast', [spatial], {to: 1})
      const scaled = build.op('Floor', [build.op('Mul', [asFloat, build.floats([2, 3])])])
      const front = build.op('Slice', [sizes, build.ints([0]), build.ints([2])])
      return build.op('Concat', [front, build.op('Cast', [scaled], {to: 7})], {axis: 0})
    })
  })

  it('leaves a float division open that may have a rest', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const height = at(build, build.op('Shape', [build.input('x', ['H'])]), 0)
    const half = build.op('Div', [build.op('Cast', [height], {to: 1}), build.floats([2])])
    const up = build.op('Cast', [build.op('Ceil', [half])], {to: 7})
    build.output(build.op('ConstantOfShape', [up]))
    inferModel(emptyModel(graph, 18))
    expect(graph.outputs.map(shapeOf)).to.deep.equal([[undefined]])
  })

  it('turns pads around through a matrix, as PyTorch exports them', async () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const x = build.input('x', ['N', 3, 'H', 8])
    const given = build.op('Concat', [build.ints([1, 2, 3, 4]), build.op('ConstantOfShape', [build.ints([4])], {})], {
      axis: 0,
    })
    const pairs = build.op('Reshape', [build.op('Cast', [given], {to: 7}), build.ints([-1, 2])])
    const turned = build.op('Slice', [
      pairs,
      build.ints([-1]),
      build.ints([-(2 ** 31)]),
      build.ints([0]),
      build.ints([-1]),
    ])
    const pads = build.op('Reshape', [build.op('Transpose', [turned], {perm: [1, 0]}), build.ints([-1])])
    const output = build.output(build.op('Pad', [x, pads]))
    const zeros = given.producer?.inputs[1]?.producer
    zeros?.set('value', {type: 'tensor', value: {dtype: 'int64', shape: [1], read: () => BigInt64Array.of(0n)}})
    const model = emptyModel(graph, 18)
    const results = await runGraph(model, {x: sampleTensor('float32', [2, 3, 5, 8])})
    inferModel(model)
    expect(shapeOf(output)).to.deep.equal(['N', 3, 'H + 7', 11])
    expect(results[output.name]?.dims).to.deep.equal([2, 3, 12, 11])
  })

  it('chooses by comparisons that the sizes decide', async () => {
    const shape = await sizesOf((build, _x, sizes) => {
      const [h, w] = [at(build, sizes, 2), at(build, sizes, 3)]
      const isWide = build.op('And', [
        build.op('Greater', [w, build.ints([4])]),
        build.op('Not', [build.op('LessOrEqual', [build.op('Add', [h, build.ints([1])]), h])]),
      ])
      return build.op('Where', [isWide, h, w])
    })
    expect(shape).to.deep.equal(['H'])
  })

  it('picks rows of a matrix of sizes, and counts up', async () => {
    const shape = await sizesOf((build, _x, sizes) => {
      const matrix = build.op('Reshape', [sizes, build.ints([2, 2])])
      const column = build.op('Gather', [matrix, build.ints([0])], {axis: 1})
      const flat = build.op('Squeeze', [column, build.ints([1])])
      const steps = build.op('Range', [build.scalar(1, 'int64'), build.scalar(6, 'int64'), build.scalar(2, 'int64')])
      return build.op('Concat', [flat, steps], {axis: 0})
    })
    expect(shape).to.deep.equal(['N', 'H', 1, 3, 5])
  })

  it('expands a scalar and divides with a rest', async () => {
    const shape = await sizesOf((build, x, sizes) => {
      const h = at(build, sizes, 2)
      const half = build.op('Div', [h, build.ints([2])])
      const rest = build.op('Mod', [h, build.ints([2])])
      const fours = build.op('Expand', [build.ints([4]), build.ints([2])])
      const count = build.op('Unsqueeze', [build.op('Size', [x]), build.ints([0])])
      return build.op('Concat', [half, rest, fours, build.op('Div', [count, build.ints([24])])], {axis: 0})
    })
    expect(shape?.slice(2)).to.deep.equal([4, 4, 'H*N'])
  })
})
