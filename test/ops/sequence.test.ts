import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {evaluateDim} from '../../src/ir/dim.js'
import type {DType} from '../../src/ir/dtype.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import type {Shape} from '../../src/ir/types.js'
import {tensorType} from '../../src/ir/types.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../src/ops/operand.js'
import {runGraph, sampleTensor} from '../support/run-graph.js'

/** ONNX Runtime's JavaScript interface gives no lists, so every graph ends in tensors. */
async function shapesOf(
  describe: (build: GraphBuilder) => readonly Value[],
  opset = 18,
): Promise<(Shape | undefined)[]> {
  const graph = new Graph()
  for (const value of describe(new GraphBuilder(graph))) graph.addOutput(value)
  const model = emptyModel(graph, opset)
  const feeds = Object.fromEntries(
    graph.inputs.map((input) => {
      const dims = (shapeOf(input) ?? []).map((size) => evaluateDim(size, {N: 6}) as number)
      return [input.name, sampleTensor(dtypeOf(input) ?? 'float32', dims)]
    }),
  )
  const results = await runGraph(model, feeds)
  inferModel(model)
  return graph.outputs.map((value) => {
    expect(dtypeOf(value), value.name).to.equal(results[value.name]?.type as DType)
    const inferred = shapeOf(value)?.map((size) => evaluateDim(size, {N: 6}))
    const real = results[value.name]?.dims.map((size, axis) => (inferred?.[axis] === undefined ? undefined : size))
    if (inferred) expect(inferred, value.name).to.deep.equal(real)
    return shapeOf(value)
  })
}

describe('sequence operators', () => {
  it('keep what all elements have in common', async () => {
    const shapes = await shapesOf((build) => {
      const [a, b] = [build.input('a', ['N', 4]), build.input('b', ['N', 5])]
      const list = build.op('SequenceConstruct', [a, b])
      const longer = build.op('SequenceInsert', [build.op('SequenceErase', [list]), a])
      return [
        build.op('SequenceAt', [longer, build.scalar(0, 'int64')]),
        build.op('SequenceLength', [list]),
        build.op('ConcatFromSequence', [list], {axis: -1}),
      ]
    })
    expect(shapes).to.deep.equal([['N', undefined], [], ['N', undefined]])
  })

  it('stack along a new axis, the number of elements left open', async () => {
    const shapes = await shapesOf((build) => {
      const a = build.input('a', ['N', 4])
      return [build.op('ConcatFromSequence', [build.op('SequenceConstruct', [a, a])], {axis: -1, new_axis: 1})]
    })
    expect(shapes).to.deep.equal([['N', 4, undefined]])
  })

  it('know no shape in a list that is empty yet', async () => {
    const shapes = await shapesOf((build) => {
      const list = build.op('SequenceInsert', [build.op('SequenceEmpty', []), build.input('a', ['N', 4])])
      return [build.op('SequenceAt', [list, build.scalar(0, 'int64')])]
    })
    expect(shapes).to.deep.equal([undefined])
  })

  it('split into slices, pieces of one length, and pieces with a shorter last one', async () => {
    const shapes = await shapesOf((build) => {
      const x = build.input('x', ['N', 4])
      const first = (inputs: Value[], attributes = {}) =>
        build.op('SequenceAt', [build.op('SplitToSequence', inputs, attributes), build.scalar(0, 'int64')])
      return [
        first([x], {axis: 0}),
        first([x], {axis: 0, keepdims: 0}),
        first([x, build.scalar(2, 'int64')], {axis: 1}),
        first([x, build.scalar(3, 'int64')], {axis: 1}),
        first([x, build.ints([2, 2])], {axis: 1}),
        first([x, build.ints([1, 3])], {axis: 1}),
      ]
    })
    expect(shapes).to.deep.equal([[1, 4], [4], ['N', 2], ['N', undefined], ['N', 2], ['N', undefined]])
  })

  it('map a subgraph over the elements', async () => {
    const shapes = await shapesOf((build) => {
      const a = build.input('a', ['N', 4])
      const body = new Graph('body', build.graph)
      const inner = new GraphBuilder(body)
      const turned = inner.output(inner.op('Transpose', [inner.input('element', ['N', 4])]))
      turned.type = tensorType('float32', undefined)
      const mapped = build.op('SequenceMap', [build.op('SequenceConstruct', [a, a])], {body})
      return [build.op('SequenceAt', [mapped, build.scalar(1, 'int64')])]
    })
    expect(shapes).to.deep.equal([[4, 'N']])
  })
})

describe('optional operators', () => {
  it('hand on what they hold', async () => {
    const shapes = await shapesOf((build) => {
      const kept = build.op('Optional', [build.input('a', ['N', 4])])
      return [build.op('OptionalGetElement', [kept]), build.op('OptionalHasElement', [kept])]
    })
    expect(shapes).to.deep.equal([['N', 4], []])
  })

  it('take a tensor for itself since opset 18', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const value = build.output(build.op('OptionalGetElement', [build.input('a', [3])]))
    inferModel(emptyModel(graph, 18))
    expect(value.type).to.deep.equal(tensorType('float32', [3]))
  })
})
