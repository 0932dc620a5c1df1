import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {portsOf} from '../../../../src/data/model-ports.js'
import {openData} from '../../../../src/data/open-data.js'
import {openModel} from '../../../../src/io/open-model.js'
import {type AttributeLike, float, tensorAttribute} from '../../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {fromFloat16, toFloat16} from '../../../../src/ir/float16.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Model} from '../../../../src/ir/model.js'
import type {Node} from '../../../../src/ir/node.js'
import {elementCount, float32, tensorOf} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {inferModel} from '../../../../src/ops/infer-graph.js'
import {computeFloat16, type Float16Options} from '../../../../src/passes/quantize/float16/float16-compute.js'
import {
  apply,
  compareAround,
  floatFeed,
  modelOf,
  onlyNode,
  opTypes,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'
import {runGraph} from '../../../support/run-graph.js'

const float16 = (changes: Partial<Float16Options> = {}) => computeFloat16({keepIo: true, ...changes})
const keptNodes = (nodes: readonly Node[], why = 'kept') =>
  new Map(nodes.flatMap(({outputs}) => outputs.flatMap((value) => (value ? [[value, why] as const] : []))))
const keptIn = (graph: Graph, types: readonly string[]) =>
  keptNodes(graph.allNodes().filter((node) => types.includes(node.opType)))

const product: Write = (build) => {
  const weight = build.floats(randomFloats(20 * 12), [20, 12], 'w')
  const sum = build.op('MatMul', [build.input('x', [2, 20]), weight])
  build.output(build.op('Add', [sum, build.floats(randomFloats(12, 2))], {}, {outputs: ['y']}))
}
const feeds = {x: floatFeed([2, 20])}
/** 20 products of weights and inputs off by 2^-12 each, and a few roundings of sums up to 20. */
const BOUND = 20 * 2 * 2 ** -12 + 22 * 2 ** -6

/** Kernels compute as ONNX Runtime likes; the types of the file are what the pass chose. */
function dtypes({graph}: Model): Record<string, string | undefined> {
  const values = [...graph.inputs, ...graph.outputs]
  return Object.fromEntries(values.map(({name, type}) => [name, type?.kind === 'tensor' ? type.dtype : undefined]))
}

describe('computeFloat16', () => {
  it('keeps inputs and outputs float32 behind casts with keepIo', async () => {
    const {model, maxAbs} = await compareAround(product, feeds, () => float16())
    expect(opTypes(model)).to.deep.equal(['Cast', 'MatMul', 'Add', 'Cast'])
    expect(dtypes(model)).to.deep.equal({x: 'float32', y: 'float32'})
    expect(model.graph.constants().map(({constant}) => constant?.dtype)).to.deep.equal(['float16', 'float16'])
    expect(maxAbs).to.be.above(0).and.below(BOUND)
  })

  it('takes and gives float16 without keepIo', async () => {
    const model = modelOf(product)
    await apply(float16({keepIo: false}), model)
    expect(opTypes(model)).to.deep.equal(['MatMul', 'Add'])
    expect(dtypes(model)).to.deep.equal({x: 'float16', y: 'float16'})
    const before = await runGraph(modelOf(product), feeds)
    const bits = Uint16Array.from(feeds.x.data as Float32Array, toFloat16)
    const after = await runGraph(model, {x: new OrtTensor('float16', bits, [2, 20])})
    expect(after.y?.type).to.equal('float16')
    Array.from(after.y?.data as ArrayLike<number>).forEach((half, i) => {
      const value = after.y?.data instanceof Uint16Array ? fromFloat16(half) : half
      expect(value).to.be.closeTo(Number(before.y?.data[i]), BOUND)
    })
  })

  it('puts casts around operators that need float32, their constants as they were', async () => {
    const write: Write = (build) => {
      const x = build.op('Relu', [build.input('x', [1, 2, 4, 4])])
      const big = build.op(
        'Resize',
        [x, undefined, build.floats([1, 1, 2, 2], [4], 'scales')],
        {mode: 'nearest'},
        {name: 'up'},
      )
      const clamped = build.op('Max', [big, build.floats([0.25], [1], 'low')], {}, {name: 'max'})
      build.output(build.op('Abs', [clamped], {}, {outputs: ['y']}))
    }
    const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([1, 2, 4, 4])}, () => float16())
    expect(report.skipped.map(({node, reason}) => [node, reason])).to.deep.equal([
      ['up', 'its scales are float32'],
      ['max', 'the runtime compares in float32'],
    ])
    expect(onlyNode(model, 'Resize').inputs[2]?.constant?.dtype).to.equal('float32')
    expect(onlyNode(model, 'Max').inputs[1]?.constant?.dtype).to.equal('float32')
    expect(maxAbs).to.be.below(2 ** -11)
  })

  it('leaves excluded operators in float32', async () => {
    const {model, report, maxAbs} = await compareAround(product, feeds, ({graph}) =>
      float16({keep: keptIn(graph, ['MatMul'])}),
    )
    expect(report.skipped.map(({reason}) => reason)).to.deep.equal(['kept'])
    expect(onlyNode(model, 'MatMul').inputs[1]?.constant?.dtype).to.equal('float32')
    expect(maxAbs).to.be.below(BOUND)
  })

  it('clamps finite masks, so that no NaN comes of them', async () => {
    const write: Write = (build) => {
      const mask = build.floats([0, -3.4028234663852886e38, -1e9, 0, 0, -1e9, -1e9, -1e9], [2, 4])
      const scores = build.op('Add', [build.input('x', [2, 4]), mask])
      build.output(build.op('Softmax', [scores], {axis: -1}, {outputs: ['y']}))
    }
    const {model, after, maxAbs} = await compareAround(write, {x: floatFeed([2, 4])}, () => float16())
    expect([after.y?.data[1], after.y?.data[2]]).to.deep.equal([0, 0])
    const mask = model.graph.constants()[0]?.constant
    expect(Array.from(mask?.read() as Uint16Array, fromFloat16).slice(0, 3)).to.deep.equal([0, -65504, -65504])
    expect(maxAbs).to.be.below(2 ** -9)
  })

  it('keeps infinities, which guards look for', async () => {
    const write: Write = (build) => {
      const mask = build.op('Where', [build.input('m', [3, 4], 'bool'), build.scalar(0), build.scalar(-Infinity)])
      const scores = build.op('Softmax', [build.op('Add', [build.input('x', [3, 4]), mask])], {axis: -1})
      const guarded = build.op('Where', [build.op('IsNaN', [scores]), build.scalar(0), scores])
      build.output(build.op('Identity', [guarded], {}, {outputs: ['y']}))
    }
    const bits = Uint8Array.of(1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0)
    const masked = {x: floatFeed([3, 4]), m: new OrtTensor('bool', bits, [3, 4])}
    const {model, after, maxAbs} = await compareAround(write, masked, () => float16())
    const numbers = model.graph.constants().flatMap(({constant}) => Array.from(constant?.read() as Uint16Array))
    expect(numbers.map(fromFloat16)).to.include(Number.NEGATIVE_INFINITY)
    // a row of which all is masked is NaN before the guard, and 0 behind it
    expect(Array.from(after.y?.data ?? []).slice(4, 8)).to.deep.equal([0, 0, 0, 0])
    expect(maxAbs).to.be.below(2 ** -9)
  })

  it('fires the guards of a model that masks whole rows', async () => {
    const folder = 'fixtures/cases/fp16-minus-infinity'
    const [float, half] = [await openModel(`${folder}/model.onnx`), await openModel(`${folder}/model.onnx`)]
    inferModel(half.model)
    await apply(float16(), half.model)
    const dataset = await openData({path: `${folder}/data.npz`, seed: 0}, portsOf(float.model))
    for await (const {inputs} of dataset.batches(12)) {
      const tensors = Object.entries(inputs).map(([name, {dtype, shape, data}]) => {
        return [name, new OrtTensor(dtype as 'float32', data.slice() as Float32Array, shape)] as const
      })
      const [before, after] = [float, half].map(({model}) => runGraph(model, Object.fromEntries(tensors)))
      const [expected, got] = [(await before)?.y?.data ?? [], (await after)?.y?.data ?? []]
      expect(Array.from(expected).filter((value) => value === 0)).to.not.be.empty
      // up to 2.7 off where the rows that are masked as a whole were answered
      Array.from(expected).forEach((value, i) => {
        expect(Number(got[i])).to.be.closeTo(Number(value), 0.01)
      })
    }
    for (const {close} of [float, half]) close()
  })

  it('keeps what a tiny number guards in float32, all the way to the quotient', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [2, 20])
      const root = build.op('Sqrt', [build.op('Add', [build.op('Abs', [x]), build.scalar(1e-12)])], {}, {name: 'root'})
      build.output(build.op('Div', [x, root], {}, {name: 'quotient', outputs: ['y']}))
    }
    const {model, report} = await compareAround(write, feeds, () => float16())
    expect(report.skipped.map(({op, reason}) => [op, reason])).to.deep.equal([
      ['Add', 'its constant is too small for float16'],
      ['Sqrt', 'the small number in front of it is 0 in float16'],
      ['Div', 'the small number in front of it is 0 in float16'],
    ])
    // straight from one to the next, without a trip through float16
    expect(onlyNode(model, 'Sqrt').inputs[0]?.producer?.opType).to.equal('Add')
    expect(onlyNode(model, 'Div').inputs[1]?.producer?.opType).to.equal('Sqrt')
  })

  it('keeps nodes in float32 that are named to it, joined without float16 between them', async () => {
    const write: Write = (build) => {
      const large = build.op('Mul', [build.input('x', [2, 20]), build.scalar(60000)], {}, {name: 'up'})
      const larger = build.op('Mul', [large, build.scalar(1000)], {}, {name: 'more'})
      build.output(build.op('Mul', [larger, build.scalar(1e-3)], {}, {name: 'down', outputs: ['y']}))
    }
    const {report, maxAbs} = await compareAround(write, feeds, (model) => {
      const nodes = model.graph.nodes().filter(({name}) => name !== 'up')
      return float16({keep: keptNodes(nodes, 'beyond')})
    })
    expect(report.skipped.map(({node}) => node)).to.deep.equal(['more', 'down'])
    expect(maxAbs).to.be.below(60000 * 2 ** -10)
  })

  it('divides by an epsilon that float16 would flush to 0', async () => {
    const write: Write = (build) => {
      const squares = build.op('Mul', [build.input('x', [4]), build.scalar(0)])
      build.output(build.op('Div', [squares, build.op('Add', [squares, build.scalar(1e-12)])], {}, {outputs: ['y']}))
    }
    const {after} = await compareAround(write, {x: floatFeed([4])}, () => float16())
    expect(Array.from(after.y?.data ?? [], Number).map(Math.abs)).to.deep.equal([0, 0, 0, 0])
  })

  it('rewrites types that attributes name: Cast, ConstantOfShape with and without a value; random numbers stay float32', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [2, 3])
      const shape = build.op('Shape', [x])
      const ones = build.op('ConstantOfShape', [shape], {value: tensorAttribute(float32([1]))})
      const zeros = build.op('ConstantOfShape', [shape])
      const back = build.op('Cast', [build.op('Cast', [x], {to: 7})], {to: 1}, {outputs: ['back']})
      const sum = build.op('Add', [build.op('Add', [ones, zeros]), back])
      const noise = build.op('RandomNormal', [], {shape: [2, 3]})
      build.output(build.op('Add', [sum, build.op('Mul', [noise, build.scalar(0)])], {}, {outputs: ['y']}))
    }
    const {maxAbs} = await compareAround(write, {x: floatFeed([2, 3], 8, 4.5)}, () => float16())
    expect(maxAbs).to.equal(0)
  })

  it('converts the bodies of branches and loops, whoever owns what they read', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [2, 20])
      const weight = build.floats(randomFloats(400), [20, 20])
      const branch = (name: string) => {
        const inner = new GraphBuilder(new Graph(name, build.graph))
        inner.output(inner.op('Max', [inner.op('MatMul', [x, weight]), inner.scalar(0)]))
        return inner.graph
      }
      const branches = {then_branch: branch('t'), else_branch: branch('e')}
      const chosen = build.op('If', [build.scalar(1, 'bool')], branches, {name: 'if'})
      const body = new GraphBuilder(new Graph('body', build.graph))
      body.input('i', [], 'int64')
      const [goOn, state] = [body.input('go_on', [], 'bool'), body.input('state', [2, 20])]
      body.output(body.op('Identity', [goOn]))
      body.output(body.op('Mul', [state, body.scalar(0.5)]))
      const rounds = build.constant({dtype: 'int64', shape: [], read: () => BigInt64Array.of(2n)})
      build.output(build.op('Loop', [rounds, undefined, chosen], {body: body.graph}, {outputs: ['y']}))
    }
    for (const kept of [[], ['If', 'Loop']]) {
      const {maxAbs} = await compareAround(write, feeds, ({graph}) => float16({keep: keptIn(graph, kept)}))
      expect(maxAbs).to.be.above(0).and.below(BOUND)
    }
  })

  it("computes ONNX Runtime's own operators in float16 that take it", async () => {
    const floats = (build: GraphBuilder, seed: number, shape: number[]) =>
      build.floats(randomFloats(elementCount(shape), seed), shape)
    const runtime = {domain: 'com.microsoft'}
    const write: Write = (build) => {
      const w = (seed: number, ...shape: number[]) => floats(build, seed, shape)
      const op = (type: string, inputs: (Value | undefined)[], attributes: Record<string, AttributeLike> = {}) =>
        build.op(type, inputs, attributes, runtime)
      const x = build.input('x', [1, 4, 16])
      const first = op('SkipLayerNormalization', [x, x, w(1, 16), w(2, 16)])
      const product = op('FusedMatMul', [first, w(3, 16, 16)], {transB: 1, alpha: float(0.5)})
      const active = op('BiasGelu', [op('FastGelu', [op('Gelu', [op('QuickGelu', [product])])]), w(4, 16)])
      const attended = op('Attention', [active, w(5, 16, 48), w(6, 48)], {num_heads: 2})
      build.output(op('MultiHeadAttention', [attended, active, active], {num_heads: 2}))
    }
    const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([1, 4, 16])}, () => float16())
    expect(report.skipped).to.deep.equal([])
    expect(opTypes(model).filter((type) => type === 'Cast')).to.have.length(2)
    // five products of 16 terms and less, of values up to 4
    expect(maxAbs)
      .to.be.above(0)
      .and.below(5 * 4 * 16 * 2 ** -11)
  })

  it('makes weights of integers in float32, and casts what comes of it', async () => {
    const write: Write = (build) => {
      const integers = build.constant(
        tensorOf(
          'int8',
          [20, 12],
          Int8Array.from({length: 240}, (_, i) => (i % 9) - 4),
        ),
      )
      const weight = build.op('Mul', [build.op('Cast', [integers], {to: 1}), build.floats(randomFloats(12), [1, 12])])
      build.output(build.op('MatMul', [build.input('x', [2, 20]), weight], {}, {outputs: ['y']}))
    }
    const {model, report, maxAbs} = await compareAround(write, feeds, () => float16({keepConstant: true}))
    expect(report.skipped).to.deep.equal([])
    const made = onlyNode(model, 'Mul')
    expect(made.inputs[1]?.constant?.dtype).to.equal('float32')
    expect(made.outputs[0]?.consumers.map(({opType}) => opType)).to.deep.equal(['Cast'])
    // weights up to 4, 20 products
    expect(maxAbs).to.be.below(20 * 4 * 2 * 2 ** -11)
  })

  it('hands an input that is an output, and a value that is an output and read again, over as float32', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [4])
      const half = build.op('Relu', [x], {}, {outputs: ['mid']})
      build.output(half)
      build.output(build.op('Neg', [half], {}, {outputs: ['y']}))
      build.output(build.op('Identity', [x], {}, {outputs: ['same']}))
    }
    const {model, maxAbs} = await compareAround(write, {x: floatFeed([4])}, () => float16())
    expect(dtypes(model)).to.deep.equal({x: 'float32', mid: 'float32', y: 'float32', same: 'float32'})
    expect(maxAbs).to.be.below(2 ** -11)
  })

  it('drops casts that would turn halves into halves, and keeps sequences in float32', async () => {
    const write: Write = (build) => {
      const x = build.op('Cast', [build.op('Relu', [build.input('x', [4])])], {to: 1})
      const sequence = build.op('SequenceConstruct', [x, x])
      const first = build.op('SequenceAt', [sequence, build.scalar(0, 'int64')])
      build.output(build.op('Neg', [first], {}, {outputs: ['y']}))
    }
    const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([4])}, () => float16())
    const reason = 'it holds a sequence of float32 tensors'
    expect(report.skipped.map(({op, reason: why}) => [op, why])).to.deep.equal([
      ['SequenceConstruct', reason],
      ['SequenceAt', reason],
    ])
    expect(opTypes(model).filter((type) => type === 'Cast')).to.have.length(5)
    expect(maxAbs).to.be.below(2 ** -11)
  })
})
