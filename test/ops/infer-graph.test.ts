import {readdirSync} from 'node:fs'
import {expect} from 'chai'
import {ShapeError, UsageError} from '../../src/errors.js'
import {openModel} from '../../src/io/open-model.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {evaluateDim} from '../../src/ir/dim.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel, type Model} from '../../src/ir/model.js'
import {type Shape, tensorType} from '../../src/ir/types.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel, macsOf, opsetOf} from '../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../src/ops/operand.js'
import {exposeAll, type Results, runGraph, sampleTensor} from '../support/run-graph.js'

const MODELS = 'fixtures/models'

function modelWith(describe: (build: GraphBuilder) => Value, opset = 17): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  build.output(describe(build))
  return emptyModel(graph, opset)
}

function inferredShape(describe: (build: GraphBuilder) => Value, opset = 17): Shape | undefined {
  const model = modelWith(describe, opset)
  inferModel(model)
  return shapeOf(model.graph.outputs[0])
}

async function runWith(model: Model, sizes: Readonly<Record<string, number>>): Promise<Results> {
  const feeds = model.graph.inputs.map((input) => {
    const dims = (shapeOf(input) ?? []).map((size) => evaluateDim(size, sizes) as number)
    return [input.name, sampleTensor(dtypeOf(input) ?? 'float32', dims, 2)] as const
  })
  return runGraph(model, Object.fromEntries(feeds))
}

describe('inferModel on real models', () => {
  for (const file of readdirSync(MODELS).filter((name) => name.endsWith('.onnx'))) {
    it(`knows every value of ${file}, and the sizes are the runtime's at two sizes of the input`, async () => {
      const opened = await openModel(`${MODELS}/${file}`)
      const {model} = opened
      const values = exposeAll(model)
      const runs = []
      for (const sizes of [
        {N: 2, batch: 2, seq: 5},
        {N: 3, batch: 3, seq: 9},
      ]) {
        runs.push({sizes, results: await runWith(model, sizes)})
      }
      inferModel(model)

      for (const value of values) {
        expect(dtypeOf(value), value.name).to.not.equal(undefined)
        expect(shapeOf(value), value.name).to.be.an('array').that.does.not.include(undefined)
        for (const {sizes, results} of runs) {
          const shape = shapeOf(value)?.map((size) => evaluateDim(size, sizes))
          expect({type: dtypeOf(value), dims: shape}, value.name).to.deep.equal({
            type: results[value.name]?.type,
            dims: results[value.name]?.dims,
          })
        }
      }
      expect(model.warnings).to.deep.equal([])
      opened.close()
    })
  }
})

describe('inferModel', () => {
  it('carries sizes through shape arithmetic', () => {
    const shape = inferredShape((build) => {
      const x = build.input('x', ['N', 'T', 64])
      const sizes = build.op('Shape', [x])
      const batch = build.op('Gather', [sizes, build.ints([0])])
      const steps = build.op('Slice', [sizes, build.ints([1]), build.ints([2])])
      const half = build.op('Div', [steps, build.ints([2])])
      return build.op('Reshape', [x, build.op('Concat', [batch, half, build.ints([4, -1])], {axis: 0})])
    })

    expect(shape?.slice(0, 3)).to.deep.equal(['N', '(T//2)', 4])
    for (const T of [8, 10]) expect(evaluateDim(shape?.[3], {N: 3, T})).to.equal(32)
  })

  it('resolves -1 beside a size that is not known', () => {
    expect(
      inferredShape((build) => build.op('Reshape', [build.input('x', ['N', 'T', 4, 16]), build.ints([0, 0, -1])])),
    ).to.deep.equal(['N', 'T', 64])
  })

  it('expands by a shape made with Where and Equal, as PyTorch exports it', () => {
    const shape = inferredShape((build) => {
      const x = build.input('x', ['N', 1, 8])
      const wanted = build.op(
        'Concat',
        [build.op('Gather', [build.op('Shape', [x]), build.ints([0])]), build.ints([5, -1])],
        {axis: 0},
      )
      const keeps = build.op('Equal', [wanted, build.ints([-1])])
      return build.op('Expand', [x, build.op('Where', [keeps, build.ints([1, 1, 1]), wanted])])
    })
    expect(shape).to.deep.equal(['N', 5, 8])
  })

  it('leaves what an unknown operator makes as the file states it', () => {
    const model = modelWith((build) => {
      const custom = build.op('Mystery', [build.input('x', ['N', 3])], {}, {domain: 'my.ops'})
      custom.type = tensorType('float32', ['N', 7])
      return build.op('Relu', [custom])
    })
    inferModel(model)
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal(['N', 7])
  })

  it('keeps a stated size that it cannot compute', () => {
    const model = modelWith((build) => {
      const y = build.op('NonZero', [build.input('x', ['N', 3])])
      y.type = tensorType('int64', [2, 'found'])
      return y
    })
    inferModel(model)
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal([2, 'found'])
  })

  it('trusts the graph over a stale statement, and says so once', () => {
    const model = modelWith((build) => {
      const y = build.op('Relu', [build.input('x', [4, 3])])
      y.type = tensorType('float32', [1, 3])
      return y
    })
    inferModel(model)
    inferModel(model)
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal([4, 3])
    expect(model.warnings.map((warning) => warning.code)).to.deep.equal(['STALE_SHAPE'])
  })

  it('gives names without a meaning no size in common', () => {
    expect(
      inferredShape((build) => build.op('MatMul', [build.input('a', ['?', '?']), build.input('b', [5, '?'])])),
    ).to.deep.equal([undefined, undefined])
  })

  it('puts given sizes in place of names everywhere', () => {
    const model = modelWith((build) =>
      build.op('Concat', [build.input('a', ['N', 'T']), build.input('b', ['N', 'T + 1'])], {axis: 1}),
    )
    inferModel(model, {dims: {N: 2}, inputShapes: {a: [2, 6]}})
    expect(shapeOf(model.graph.inputs[1])).to.deep.equal([2, 7])
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal([2, 13])
  })

  it('refuses a shape that contradicts the model or another one', () => {
    const make = () => modelWith((build) => build.op('Add', [build.input('a', ['N', 4]), build.input('b', ['N', 4])]))
    expect(() => inferModel(make(), {inputShapes: {a: [2, 5]}})).to.throw(
      ShapeError,
      "Input 'a': expected a shape that fits [N, 4], got [2, 5]",
    )
    expect(() => inferModel(make(), {inputShapes: {a: [2]}})).to.throw(ShapeError)
    expect(() => inferModel(make(), {inputShapes: {a: [2, 4], b: [3, 4]}})).to.throw(ShapeError)
    expect(() => inferModel(make(), {inputShapes: {x: [2, 4]}}))
      .to.throw(UsageError, "'x'")
      .with.property('hint', 'Its inputs are: a, b')
  })

  it('names the node whose inputs contradict its operator', () => {
    const cases: ((build: GraphBuilder) => Value)[] = [
      (build) => build.op('MatMul', [build.input('a', ['N', 4]), build.input('b', [5, 3])], {}, {name: 'bad'}),
      (build) => build.op('Add', [build.input('a', [4]), build.input('b', [3])], {}, {name: 'bad'}),
      (build) =>
        build.op(
          'Conv',
          [build.input('a', [1, 3, 8, 8]), build.floats(new Float32Array(72), [2, 4, 3, 3])],
          {},
          {name: 'bad'},
        ),
      (build) =>
        build.op(
          'Conv',
          [build.input('a', [1, 1, 2, 2]), build.floats(new Float32Array(25), [1, 1, 5, 5])],
          {},
          {name: 'bad'},
        ),
      (build) =>
        build.op(
          'Gemm',
          [build.input('a', [1, 4]), build.input('b', [4, 5]), build.input('c', [3, 5])],
          {},
          {name: 'bad'},
        ),
      (build) => build.op('Concat', [build.input('a', [1, 4]), build.input('b', [2, 5])], {axis: 1}, {name: 'bad'}),
      (build) => build.op('Reshape', [build.input('a', [3, 4]), build.ints([5, -1])], {}, {name: 'bad'}),
      (build) => build.op('Reshape', [build.input('a', [3, 4]), build.ints([5, 2])], {}, {name: 'bad'}),
      (build) => build.op('Transpose', [build.input('a', [3, 4])], {perm: [0, 0]}, {name: 'bad'}),
      (build) => build.op('Squeeze', [build.input('a', [3, 4]), build.ints([0])], {}, {name: 'bad'}),
      (build) =>
        build.op('Softmax', [build.op('Gather', [build.input('a', [3]), build.ints([0])], {axis: 2}, {name: 'bad'})]),
      (build) => build.op('Split', [build.input('a', [7]), build.ints([3, 3])], {}, {name: 'bad', outputs: 2}),
    ]
    for (const describe of cases) expect(() => inferModel(modelWith(describe))).to.throw(ShapeError, "'bad'")
  })

  it('refuses an element type that the operator cannot give', () => {
    const model = modelWith((build) => {
      const y = build.op('Shape', [build.input('x', [4])])
      y.type = tensorType('float32', [1])
      return y
    })
    expect(() => inferModel(model)).to.throw(ShapeError, 'int64')
  })
})

describe('opsetOf', () => {
  it('reads the domain of the node, and 1 where the model names none', () => {
    const opsets = new Map([
      ['', 13],
      ['com.microsoft', 1],
    ])
    expect(opsetOf({domain: ''}, {opsets})).to.equal(13)
    expect(opsetOf({domain: 'my.ops'}, {opsets})).to.equal(1)
    expect(opsetOf({domain: ''}, {opsets: new Map([['ai.onnx', 15]])})).to.equal(15)
  })
})

describe('macsOf', () => {
  it("counts ResNet-18's stem, a grouped convolution and a dense layer as by hand", () => {
    const stem = modelWith((build) =>
      build.op('Conv', [build.input('x', [1, 3, 224, 224]), build.floats(new Float32Array(9408), [64, 3, 7, 7])], {
        strides: [2, 2],
        pads: [3, 3, 3, 3],
      }),
    )
    const depthwise = modelWith((build) =>
      build.op('Conv', [build.input('x', [2, 8, 10, 10]), build.floats(new Float32Array(72), [8, 1, 3, 3])], {
        group: 8,
      }),
    )
    const dense = modelWith((build) =>
      build.op('Gemm', [build.input('x', [4, 512]), build.floats(new Float32Array(512000), [1000, 512])], {transB: 1}),
    )
    for (const model of [stem, depthwise, dense]) inferModel(model)

    expect(macsOf(stem)).to.equal(112 * 112 * 64 * 3 * 7 * 7)
    expect(macsOf(depthwise)).to.equal(2 * 8 * 8 * 8 * 9)
    expect(macsOf(dense)).to.equal(4 * 512 * 1000)
  })

  it('counts matrix products, transposed convolutions and recurrent layers as by hand', () => {
    const product = modelWith((build) =>
      build.op('MatMul', [build.input('a', [2, 4, 5, 16]), build.input('b', [2, 4, 16, 5])]),
    )
    const spread = modelWith((build) =>
      build.op('ConvTranspose', [build.input('x', [1, 4, 5, 5]), build.floats(new Float32Array(72), [4, 2, 3, 3])], {
        strides: [2, 2],
      }),
    )
    const lstm = modelWith((build) =>
      build.op(
        'LSTM',
        [
          build.input('x', [7, 2, 3]),
          build.floats(new Float32Array(48), [1, 16, 3]),
          build.floats(new Float32Array(64), [1, 16, 4]),
        ],
        {hidden_size: 4},
      ),
    )
    for (const model of [product, spread, lstm]) inferModel(model)

    expect(macsOf(product)).to.equal(2 * 4 * 5 * 5 * 16)
    expect(macsOf(spread)).to.equal(5 * 5 * 4 * 2 * 9)
    expect(macsOf(lstm)).to.equal(7 * 2 * 4 * 4 * (3 + 4))
  })

  it('is unknown while a size is, or an operator', () => {
    const free = modelWith((build) => build.op('MatMul', [build.input('a', ['N', 4]), build.input('b', [4, 3])]))
    const custom = modelWith((build) => build.op('Mystery', [build.input('x', [1])], {}, {domain: 'my.ops'}))
    for (const model of [free, custom]) inferModel(model)

    expect(macsOf(free)).to.equal(undefined)
    expect(macsOf(custom)).to.equal(undefined)
    inferModel(free, {dims: {N: 2}})
    expect(macsOf(free)).to.equal(24)
  })

  it('counts the shared models as the architectures say', async () => {
    const opened = await openModel(`${MODELS}/mlp_fm.onnx`)
    inferModel(opened.model, {dims: {batch: 1}})
    expect(macsOf(opened.model)).to.equal(784 * 256 + 256 * 128 + 128 * 10)
    opened.close()
  })
})
