import {expect} from 'chai'
import {NonFiniteError} from '../../../../src/errors.js'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Value} from '../../../../src/ir/value.js'
import {quantizeStatic} from '../../../../src/passes/quantize/static/static.js'
import {
  floatFeed,
  kernelsOf,
  modelOf,
  onlyNode,
  opTypes,
  peakOf,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'
import {planOf, type StaticTrial, tryStatic} from '../../../support/static-trial.js'

/** uint8 step of a calibrated tensor. */
function step({ranges}: StaticTrial, name: string): number {
  const {min = 0, max = 0} = ranges.get(name) ?? {}
  return (Math.max(max, 0) - Math.min(min, 0)) / 255
}

/**
 * Largest error of one layer of weights and inputs within ±1: per product half a step of the input and of the weight, half a step
 * of the bias, and half a step of the result.
 */
function bound(trial: StaticTrial, fanIn: number, {input = 'x', result}: {input?: string; result?: string} = {}) {
  const [x, w] = [step(trial, input) / 2, 1 / 254]
  return fanIn * (x + w + x * w) + 2 * x * w + (result ? step(trial, result) / 2 : 0) + 1e-5
}

interface ConvCase {
  readonly what: string
  readonly input: readonly number[]
  readonly weight: readonly number[]
  readonly attributes: Record<string, number | number[]>
  readonly bias?: boolean
}

const CONVS: readonly ConvCase[] = [
  {what: 'plain', input: [2, 8, 7, 7], weight: [6, 8, 3, 3], attributes: {}},
  {what: 'with bias and pads', input: [1, 8, 7, 7], weight: [6, 8, 3, 3], attributes: {pads: [1, 1, 1, 1]}, bias: true},
  {what: 'with strides', input: [1, 8, 9, 8], weight: [6, 8, 3, 3], attributes: {strides: [2, 2], pads: [0, 1, 1, 0]}},
  {what: 'dilated', input: [1, 4, 9, 9], weight: [4, 4, 3, 3], attributes: {dilations: [2, 2]}, bias: true},
  {what: 'with groups', input: [1, 8, 6, 6], weight: [12, 2, 3, 3], attributes: {group: 4}, bias: true},
  {
    what: 'depthwise',
    input: [1, 16, 6, 6],
    weight: [16, 1, 3, 3],
    attributes: {group: 16, pads: [1, 1, 1, 1]},
    bias: true,
  },
  {what: '1x1', input: [1, 16, 5, 5], weight: [8, 16, 1, 1], attributes: {}, bias: true},
  {what: 'of one dimension', input: [1, 6, 20], weight: [5, 6, 3], attributes: {}, bias: true},
  {what: 'of one channel out', input: [1, 6, 5, 5], weight: [1, 6, 3, 3], attributes: {}, bias: true},
]

const convWrite =
  ({input, weight, attributes, bias}: ConvCase): Write =>
  (build) => {
    const count = weight.reduce((product, size) => product * size, 1)
    const inputs = [build.input('x', input), build.floats(randomFloats(count, 3), weight, 'w')]
    if (bias) inputs.push(build.floats(randomFloats(weight[0] ?? 0, 4), undefined, 'b'))
    build.output(build.op('Conv', inputs, attributes, {outputs: ['y']}))
  }

/** A 3x3 convolution of eight channels that keeps the size. */
function conv(build: GraphBuilder, x: Value, name: string, seed: number): Value {
  const weight = build.floats(randomFloats(8 * 8 * 9, seed, 0.3), [8, 8, 3, 3], `${name}.w`)
  const bias = build.floats(randomFloats(8, seed + 50), [8], `${name}.b`)
  return build.op('Conv', [x, weight, bias], {pads: [1, 1, 1, 1]}, {name, outputs: [name]})
}

const IMAGE = [1, 8, 8, 8]

describe('quantizeStatic', () => {
  for (const [index, convCase] of CONVS.entries()) {
    for (const perChannel of [true, false]) {
      it(`runs a Conv ${convCase.what} on integers, ${perChannel ? 'per channel' : 'per tensor'}`, async () => {
        const feeds = {x: floatFeed(convCase.input, 20 + index)}
        const trial = await tryStatic(convWrite(convCase), feeds, {perChannel})
        const fanIn = convCase.weight.slice(1).reduce((product, size) => product * size, 1)
        expect(trial.model.graph.outputs.map(({name}) => name)).to.deep.equal(['y'])
        expect(trial.maxAbs)
          .to.be.above(0)
          .and.below(bound(trial, fanIn, {result: 'y'}))
        // Transpose brings the image into the layout of the integer kernel
        const {Transpose: _, ...kernels} = await kernelsOf(trial.model)
        expect(kernels).to.deep.equal({QuantizeLinear: 1, QLinearConv: 1, DequantizeLinear: 1})
      })
    }
  }

  for (const transB of [0, 1]) {
    for (const bias of [true, false]) {
      it(`runs a Gemm on integers, transB ${transB}, ${bias ? 'with' : 'without'} bias`, async () => {
        const write: Write = (build) => {
          const weight = build.floats(randomFloats(32 * 12), transB ? [12, 32] : [32, 12])
          const inputs = [build.input('x', [3, 32]), weight, ...(bias ? [build.floats(randomFloats(12))] : [])]
          build.output(build.op('Gemm', inputs, {transB}, {outputs: ['y']}))
        }
        const trial = await tryStatic(write, {x: floatFeed([3, 32])})
        expect(trial.maxAbs).to.be.above(0).and.below(bound(trial, 32))
        expect(await kernelsOf(trial.model)).to.deep.equal({QuantizeLinear: 1, QGemm: 1})
      })
    }
  }

  it('keeps float results of a MatMul of sequences', async () => {
    const write: Write = (build) => {
      const weight = build.floats(randomFloats(32 * 12), [32, 12])
      build.output(build.op('MatMul', [build.input('x', [2, 5, 32]), weight], {}, {outputs: ['y']}))
    }
    const trial = await tryStatic(write, {x: floatFeed([2, 5, 32])})
    expect(trial.maxAbs).to.be.above(0).and.below(bound(trial, 32))
    expect(await kernelsOf(trial.model)).to.deep.equal({QuantizeLinear: 1, MatMulIntegerToFloat: 1})
  })

  for (const [what, activation] of [
    ['Relu', (build: GraphBuilder, x: Value) => build.op('Relu', [x], {}, {outputs: ['r']})],
    [
      'Clip',
      (build: GraphBuilder, x: Value) => build.op('Clip', [x, build.scalar(0), build.scalar(1)], {}, {outputs: ['r']}),
    ],
  ] as const) {
    it(`lets ${what} vanish into the kernel, and its output keep its name`, async () => {
      const write: Write = (build) => {
        const r = activation(build, conv(build, build.input('x', IMAGE), 'a', 1))
        build.output(r)
        build.output(conv(build, r, 'b', 2))
      }
      const trial = await tryStatic(write, {x: floatFeed(IMAGE)})
      expect(opTypes(trial.model)).not.to.include(what)
      expect(trial.report.changed.map(({rule}) => rule)).to.include('absorb-activation')
      const kernels = await kernelsOf(trial.model)
      expect(kernels).to.include({QLinearConv: 2}).and.not.have.any.keys('Conv', what)
      const {r} = trial.after
      expect(Math.min(...Array.from(r?.data ?? [], Number))).to.equal(0)
      // two layers of 72 products of weights within 0.3: what the first is off, the second adds up
      const first = 0.3 * bound(trial, 72, {result: 'r'})
      expect(trial.maxAbs).to.be.below(first * (1 + 72 * 0.3))
    })
  }

  it('runs residual Adds and pools on integers, one scale in and out of the pool', async () => {
    const write: Write = (build) => {
      const a = build.op('Relu', [conv(build, build.input('x', IMAGE), 'a', 1)])
      const sum = build.op('Relu', [build.op('Add', [a, conv(build, a, 'b', 2)])])
      const pool = build.op('MaxPool', [sum], {kernel_shape: [2, 2], strides: [2, 2]})
      const flat = build.op('Flatten', [conv(build, pool, 'c', 3)])
      build.output(build.op('Gemm', [flat, build.floats(randomFloats(1280, 9), [128, 10])], {}, {outputs: ['y']}))
    }
    const trial = await tryStatic(write, {x: floatFeed(IMAGE)})
    const kernels = await kernelsOf(trial.model)
    expect(kernels).to.include({QLinearConv: 3, QLinearAdd: 1, NhwcMaxPool: 1, QGemm: 1, QuantizeLinear: 1})
    expect(kernels).to.not.have.any.keys('Conv', 'Gemm', 'Add', 'DequantizeLinear')
    const pool = onlyNode(trial.model, 'MaxPool')
    const scaleOf = (value: Value | undefined) => value?.producer?.inputs[1]
    const behind = pool.outputs[0]?.consumers[0]
    expect(behind?.inputs[1]).to.equal(scaleOf(pool.inputs[0]))
    // five quantizers in a row, each 1/510 of its range off, stretched by the layers between: far under 5 % of the peak
    expect(trial.maxAbs).to.be.below(0.05 * peakOf(trial.before))
  })

  it('runs a Concat on integers with one scale', async () => {
    const write: Write = (build) => {
      const x = build.input('x', IMAGE)
      const relus = ['a', 'b'].map((name, i) => build.op('Relu', [conv(build, x, name, i)]))
      const both = build.op('Concat', relus, {axis: 1})
      build.output(build.op('Conv', [both, build.floats(randomFloats(128), [8, 16, 1, 1])], {}, {outputs: ['y']}))
    }
    const trial = await tryStatic(write, {x: floatFeed(IMAGE)})
    const kernels = await kernelsOf(trial.model)
    expect(kernels).to.include({QLinearConv: 3, QuantizeLinear: 1, DequantizeLinear: 1})
    expect(kernels).to.not.have.any.keys('Conv', 'Relu')
    expect(trial.maxAbs).to.be.below(0.05 * peakOf(trial.before))
  })

  it('stays right where a Relu shares its scale with values below 0', async () => {
    const write: Write = (build) => {
      const x = build.input('x', IMAGE)
      const relu = build.op('Relu', [conv(build, x, 'a', 1)])
      const both = build.op('Concat', [relu, conv(build, x, 'b', 2)], {axis: 1})
      const clamped = build.op('Relu', [both])
      build.output(build.op('Conv', [clamped, build.floats(randomFloats(128), [8, 16, 1, 1])], {}, {outputs: ['y']}))
    }
    const trial = await tryStatic(write, {x: floatFeed(IMAGE)})
    expect(await kernelsOf(trial.model)).to.include({QLinearConv: 3})
    expect(trial.maxAbs).to.be.below(0.05 * peakOf(trial.before))
  })

  it('quantizes a shared weight once', async () => {
    const write: Write = (build) => {
      const weight = build.floats(randomFloats(576, 1, 0.3), [8, 8, 3, 3], 'w')
      const x = build.input('x', IMAGE)
      const first = build.op('Conv', [x, weight], {pads: [1, 1, 1, 1]})
      build.output(build.op('Conv', [first, weight], {pads: [1, 1, 1, 1]}, {outputs: ['y']}))
    }
    const trial = await tryStatic(write, {x: floatFeed(IMAGE)})
    const integers = trial.model.graph.constants().filter(({constant}) => constant?.shape.length === 4)
    expect(integers.map(({constant}) => constant?.dtype)).to.deep.equal(['int8'])
    expect(trial.maxAbs).to.be.below(0.05 * peakOf(trial.before))
  })

  it('widens the weight scale of a channel whose bias would not fit into 32 bits', async () => {
    const write: Write = (build) => {
      const weight = randomFloats(16, 1).map((value, i) => (i < 8 ? value * 1e-12 : value))
      const inputs = [build.input('x', [1, 8, 3, 3]), build.floats(weight, [2, 8, 1, 1], 'w'), build.floats([500, 0.5])]
      build.output(build.op('Conv', inputs, {}, {outputs: ['y']}))
    }
    const trial = await tryStatic(write, {x: floatFeed([1, 8, 3, 3])})
    const bias = trial.model.graph.constants().find(({constant}) => constant?.dtype === 'int32')?.constant
    const largest = Math.max(...Array.from(bias?.read() as Int32Array, Math.abs))
    expect(largest)
      .to.be.above(2 ** 28)
      .and.at.most(2 ** 30)
    expect(trial.maxAbs).to.be.below(step(trial, 'y') / 2 + bound(trial, 8))
  })

  it('keeps a channel of zeros at its bias, to half a step', async () => {
    const write: Write = (build) => {
      const weight = randomFloats(16, 1).map((value, i) => (i < 8 ? 0 : value))
      const inputs = [build.input('x', [1, 8, 3, 3]), build.floats(weight, [2, 8, 1, 1]), build.floats([0.75, 0])]
      build.output(build.op('Conv', inputs, {}, {outputs: ['y']}))
    }
    const trial = await tryStatic(write, {x: floatFeed([1, 8, 3, 3])})
    const channel = Array.from(trial.after.y?.data ?? [], Number).slice(0, 9)
    for (const value of channel) expect(value).to.be.closeTo(0.75, step(trial, 'y') / 2 + 1e-4)
  })

  it('names weights and biases that hold NaN', async () => {
    for (const broken of ['w', 'b']) {
      const model = modelOf((build) => {
        const [weight, bias] = [randomFloats(16), randomFloats(2)]
        ;(broken === 'w' ? weight : bias)[1] = Number.NaN
        const inputs = [
          build.input('x', [1, 8, 3, 3]),
          build.floats(weight, [2, 8, 1, 1], 'w'),
          build.floats(bias, [2], 'b'),
        ]
        build.output(build.op('Conv', inputs))
      })
      const plan = planOf(model)
      const ranges = new Map(plan.tensors.map(({name}) => [name, {min: -1, max: 1}]))
      const run = () => quantizeStatic({plan, ranges, perChannel: true}).run(model.graph)
      expect(run).to.throw(NonFiniteError, `Weight '${broken}'`)
    }
  })

  it('keeps half the range of weights for processors without dot products', async () => {
    const trial = await tryStatic(convWrite(CONVS[1] as ConvCase), {x: floatFeed([1, 8, 7, 7])}, {peak: 64})
    const weight = trial.model.graph.constants().find(({constant}) => constant?.shape.length === 4)?.constant
    expect(Math.max(...Array.from(weight?.read() as Int8Array, Math.abs))).to.equal(64)
    expect(trial.maxAbs).to.be.below(2 * bound(trial, 72, {result: 'y'}))
  })

  it('gives float to a float reader, and lets branches capture quantized values', async () => {
    const write: Write = (build) => {
      const a = conv(build, build.input('x', IMAGE), 'a', 1)
      const branch = (name: string) => {
        const graph = new Graph(name, build.graph)
        const inner = new GraphBuilder(graph)
        inner.output(inner.op(name === 't' ? 'Tanh' : 'Abs', [a]))
        return graph
      }
      const branches = {then_branch: branch('t'), else_branch: branch('e')}
      build.output(build.op('If', [build.scalar(1, 'bool')], branches, {outputs: ['if']}))
      build.output(build.op('Sin', [a], {}, {outputs: ['sin']}))
      build.output(conv(build, a, 'b', 2))
    }
    const trial = await tryStatic(write, {x: floatFeed(IMAGE)})
    expect(await kernelsOf(trial.model)).to.include({QLinearConv: 2})
    expect(trial.maxAbs).to.be.below(0.05 * peakOf(trial.before))
  })

  it('does nothing for an empty plan', async () => {
    const write: Write = (build) => {
      build.output(build.op('Abs', [build.input('x', [4])], {}, {outputs: ['y']}))
    }
    const trial = await tryStatic(write, {x: floatFeed([4])})
    expect(trial.report).to.deep.equal({changed: [], skipped: []})
    expect(opTypes(trial.model)).to.deep.equal(['Abs'])
  })

  for (const form of ['a constant', 'what ConstantOfShape makes'] as const) {
    it(`widens a residual skip by zeros on integers: ${form}`, async () => {
      const write: Write = (build) => {
        const weight = (rows: number, columns: number, seed: number) =>
          build.floats(randomFloats(rows * columns, seed, 0.4), [rows, columns, 1, 1])
        const x = build.op('Conv', [build.input('x', [1, 8, 6, 6]), weight(8, 8, 1)])
        const zeros =
          form === 'a constant'
            ? build.floats(new Float32Array(4 * 36), [1, 4, 6, 6])
            : build.op('ConstantOfShape', [build.ints([1, 4, 6, 6])])
        const wide = build.op('Concat', [x, zeros], {axis: 1})
        const sum = build.op('Relu', [build.op('Add', [wide, build.op('Conv', [x, weight(12, 8, 2)])])])
        build.output(build.op('Conv', [sum, weight(4, 12, 3)], {}, {outputs: ['y']}))
      }
      const trial = await tryStatic(write, {x: floatFeed([1, 8, 6, 6])})
      expect([...trial.plan.integer].map(({opType}) => opType)).to.have.members([
        'Conv',
        'Concat',
        'Conv',
        'Add',
        'Conv',
      ])
      const kernels = await kernelsOf(trial.model)
      expect(kernels).to.include({QLinearConcat: 1, QLinearAdd: 1, QLinearConv: 3})
      expect(kernels).not.to.have.any.keys('Concat', 'Add')
      // three layers of at most 12 products, each factor a step of some 1/127 of 1 off
      expect(trial.maxAbs).to.be.above(0).and.below(0.15)
    })
  }
})
