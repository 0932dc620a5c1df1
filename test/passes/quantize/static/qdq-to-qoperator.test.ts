import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {qdqToQOperator} from '../../../../src/passes/quantize/static/qdq-to-qoperator.js'
import {removeDead} from '../../../../src/passes/simplify/rules/remove-dead.js'
import {
  apply,
  floatFeed,
  kernelsOf,
  maxDifference,
  opTypes,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'
import {runGraph} from '../../../support/run-graph.js'
import {type StaticTrialOptions, tryStatic} from '../../../support/static-trial.js'

const IMAGE = [1, 8, 8, 8]

/** A 3x3 convolution with bias that keeps the size. */
function conv(build: GraphBuilder, x: Value, seed: number, [outputs, inputs] = [8, 8]): Value {
  const weight = build.floats(randomFloats(outputs * inputs * 9, seed, 0.3), [outputs, inputs, 3, 3])
  return build.op('Conv', [x, weight, build.floats(randomFloats(outputs, seed + 50))], {pads: [1, 1, 1, 1]})
}

type Middle = (build: GraphBuilder, a: Value, b: Value) => readonly [result: Value, channels: number]

/** What stands between convolutions, and the operator of the QOperator format it becomes. */
const BETWEEN: readonly (readonly [what: string, opType: string, middle: Middle])[] = [
  ['Add', 'QLinearAdd', (build, a, b) => [build.op('Add', [a, b]), 8]],
  ['Mul', 'QLinearMul', (build, a, b) => [build.op('Mul', [a, b]), 8]],
  ['Concat', 'QLinearConcat', (build, a, b) => [build.op('Concat', [a, build.op('Relu', [b])], {axis: 1}), 16]],
  ['Sigmoid', 'QLinearSigmoid', (build, a) => [build.op('Sigmoid', [a]), 8]],
  ['LeakyRelu', 'QLinearLeakyRelu', (build, a) => [build.op('LeakyRelu', [a], {alpha: float(0.25)}), 8]],
  ['Where', 'QLinearWhere', (build, a, b) => [build.op('Where', [build.input('c', [1, 8, 8, 8], 'bool'), a, b]), 8]],
  ['GlobalAveragePool', 'QLinearGlobalAveragePool', (build, a) => [build.op('GlobalAveragePool', [a]), 8]],
  ['MaxPool', 'MaxPool', (build, a) => [build.op('MaxPool', [a], {kernel_shape: [2, 2], strides: [2, 2]}), 8]],
  ['Transpose', 'Transpose', (build, a) => [build.op('Transpose', [a], {perm: [0, 1, 3, 2]}), 8]],
  ['Reshape', 'Reshape', (build, a) => [build.op('Reshape', [a, build.ints([1, 16, 4, 8])]), 16]],
  ['Slice', 'Slice', (build, a) => [build.op('Slice', [a, build.ints([2]), build.ints([6]), build.ints([1])]), 4]],
  [
    'Resize',
    'Resize',
    (build, a) => {
      const nearest = {mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor'}
      return [build.op('Resize', [a, undefined, build.floats([1, 1, 2, 2])], nearest), 8]
    },
  ],
  [
    'Split',
    'Split',
    (build, a) => {
      const [left, right] = build.node('Split', [a, build.ints([4, 4])], {axis: 1}, {outputs: 2}).outputs
      return [build.op('Concat', [right, left], {axis: 1}), 8]
    },
  ],
]

/** Two convolutions, what is between, another one, a Gemm. */
const network =
  (middle: Middle): Write =>
  (build) => {
    const a = build.op('Relu', [conv(build, build.input('x', IMAGE), 1)])
    const [result, channels] = middle(build, a, conv(build, a, 2))
    build.output(build.op('Relu', [conv(build, result, 3, [4, channels])], {}, {outputs: ['y']}))
  }

/** A statically quantized graph in both formats, and what each gives in ONNX Runtime. */
async function bothFormats(write: Write, feeds: Parameters<typeof tryStatic>[1], options: StaticTrialOptions = {}) {
  const {model, after} = await tryStatic(write, feeds, options)
  const report = await apply(qdqToQOperator, model)
  await apply(removeDead, model)
  const unoptimized = await runGraph(model, feeds)
  const optimized = await runGraph(model, feeds, 'all')
  return {
    model,
    report,
    difference: Math.max(maxDifference(after, unoptimized), maxDifference(after, optimized)),
    after,
  }
}

const step = (data: ArrayLike<unknown> | undefined) => Math.max(...Array.from(data ?? [], Number)) / 255

describe('qdqToQOperator', () => {
  for (const [what, opType, middle] of BETWEEN) {
    for (const activations of ['uint8', 'int8'] as const) {
      it(`writes ${what} between ${activations} convolutions as ${opType}, and it computes the same`, async () => {
        const feeds = {
          x: floatFeed(IMAGE),
          ...(what === 'Where' && {
            c: new OrtTensor(
              'bool',
              Uint8Array.from({length: 512}, (_, i) => i % 2),
              IMAGE,
            ),
          }),
        }
        const {model, report, difference, after} = await bothFormats(network(middle), feeds, {activations})
        expect(opTypes(model)).to.include(opType).and.include('QLinearConv')
        expect(report.skipped).to.be.empty
        // one QuantizeLinear at the input, one DequantizeLinear at the output
        expect(opTypes(model).filter((type) => /^(Quantize|Dequantize)Linear$/.test(type))).to.deep.equal([
          'QuantizeLinear',
          'DequantizeLinear',
        ])
        // kernels of both formats may round ties of a sum to different steps; later layers spread a step of theirs
        expect(difference).to.be.at.most(3 * step(after.y?.data))
      })
    }
  }

  for (const perChannel of [true, false]) {
    it(`writes products as QLinearMatMul and QGemm, ${perChannel ? 'per channel' : 'per tensor'}`, async () => {
      const write: Write = (build) => {
        const weights = [1, 2, 3].map((seed) => build.floats(randomFloats(256, seed), [16, 16]))
        const first = build.op('Relu', [build.op('MatMul', [build.input('x', [4, 16]), weights[0]])])
        const bias = build.floats(randomFloats(16, 4))
        const second = build.op('Relu', [build.op('Gemm', [first, weights[1], bias], {transB: 1})])
        build.output(build.op('Gemm', [second, weights[2]], {}, {outputs: ['y']}))
      }
      const {model, difference, after} = await bothFormats(write, {x: floatFeed([4, 16])}, {perChannel})
      expect(opTypes(model)).to.include.members(['QLinearMatMul', 'QGemm'])
      expect(difference).to.be.at.most(2 * step(after.y?.data))
    })
  }

  it('leaves quantizers around what has no integer operator', async () => {
    const write = network((build, a) => [build.op('Tanh', [a]), 8])
    const {model, difference, after} = await bothFormats(write, {x: floatFeed(IMAGE)})
    expect(opTypes(model)).to.include('Tanh')
    expect(opTypes(model).filter((type) => type === 'QLinearConv')).to.have.length(2)
    expect(difference).to.be.at.most(2 * step(after.y?.data))
  })

  it('leaves a product alone whose result stays float, and gives its weight by DequantizeLinear', async () => {
    const write: Write = (build) => {
      const weight = build.floats(randomFloats(16 * 8), [16, 8])
      build.output(build.op('MatMul', [build.input('x', [4, 16]), weight], {}, {outputs: ['y']}))
    }
    const {model, report, difference} = await bothFormats(write, {x: floatFeed([4, 16])})
    expect(report.changed).to.be.empty
    expect(opTypes(model)).to.include('MatMul')
    expect(await kernelsOf(model)).to.include({MatMulIntegerToFloat: 1})
    expect(difference).to.be.below(1e-5)
  })

  it('keeps names of outputs in the middle', async () => {
    const write: Write = (build) => {
      const a = build.op('Relu', [conv(build, build.input('x', IMAGE), 1)], {}, {outputs: ['mid']})
      build.output(a)
      build.output(conv(build, a, 2))
    }
    const {model, after} = await bothFormats(write, {x: floatFeed(IMAGE)})
    expect(model.graph.outputs[0]?.name).to.equal('mid')
    expect(after.mid?.type).to.equal('float32')
    expect(opTypes(model).filter((type) => type === 'QLinearConv')).to.have.length(2)
  })
})
