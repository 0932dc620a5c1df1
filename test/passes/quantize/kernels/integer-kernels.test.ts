import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {isFasterInFloat, whyNotInteger, whyNotStatic} from '../../../../src/passes/quantize/kernels/integer-kernels.js'
import {WEIGHT_TYPES} from '../../../../src/passes/quantize/numbers/weight-type.js'
import {floatFeed, kernelsOf, modelOf, peakOf, randomFloats, specsFor, type Write} from '../../../support/pass-trial.js'
import {tryStatic} from '../../../support/static-trial.js'

const IMAGE = [1, 8, 8, 8]

/** A 3x3 convolution that keeps the size. */
function conv(build: GraphBuilder, x: Value, seed: number, [outputs, inputs] = [8, 8]): Value {
  const weight = build.floats(randomFloats(outputs * inputs * 9, seed, 0.3), [outputs, inputs, 3, 3])
  return build.op('Conv', [x, weight, build.floats(randomFloats(outputs, seed + 50))], {pads: [1, 1, 1, 1]})
}

/** @returns the result and its number of channels. */
type Middle = (build: GraphBuilder, a: Value, b: Value) => readonly [result: Value, channels: number]
type Case = readonly [opType: string, kernel: string, middle: Middle]

const one = (opType: string, attributes = {}, channels = 8, ...more: readonly (readonly number[])[]): Middle => {
  return (build, a) => [build.op(opType, [a, ...more.map((values) => build.ints(values))], attributes), channels]
}

const NEAREST = {mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor'}
const TWICE = [1, 1, 2, 2]

/** What runs on integers between two convolutions, and the kernel that ONNX Runtime must choose. */
const ON_INTEGERS: readonly Case[] = [
  ['Add', 'QLinearAdd', (build, a, b) => [build.op('Add', [a, b]), 8]],
  ['Mul', 'QLinearMul', (build, a, b) => [build.op('Mul', [a, b]), 8]],
  // operands of one scale are only copied
  ['Concat', 'QLinearConcat', (build, a, b) => [build.op('Concat', [a, b], {axis: 1}), 16]],
  ['Where', 'QLinearWhere', (build, a, b) => [build.op('Where', [build.input('c', IMAGE, 'bool'), a, b]), 8]],
  ['Sigmoid', 'QLinearSigmoid', one('Sigmoid')],
  ['LeakyRelu', 'QLinearLeakyRelu', one('LeakyRelu', {alpha: float(0.1)})],
  ['GlobalAveragePool', 'QLinearGlobalAveragePool', one('GlobalAveragePool')],
  ['MaxPool', 'NhwcMaxPool', one('MaxPool', {kernel_shape: [2, 2]})],
  ['Reshape', 'Reshape', one('Reshape', {}, 16, [1, 16, 4, 8])],
  ['Flatten', 'Flatten', (build, a) => [build.op('Reshape', [build.op('Flatten', [a]), build.ints(IMAGE)]), 8]],
  ['Transpose', 'Transpose', one('Transpose', {perm: [0, 1, 3, 2]})],
  [
    'Squeeze',
    'Squeeze',
    (build, a) => [build.op('Unsqueeze', [build.op('Squeeze', [a, build.ints([0])]), build.ints([0])]), 8],
  ],
  ['Slice', 'Slice', one('Slice', {}, 4, [2], [6], [1])],
  ['Gather', 'Gather', one('Gather', {axis: 1}, 3, [7, 0, 2])],
  ['Resize', 'Resize', (build, a) => [build.op('Resize', [a, undefined, build.floats(TWICE)], NEAREST), 8]],
  ['Expand', 'Expand', (build, a) => [build.op('Expand', [build.op('GlobalAveragePool', [a]), build.ints(IMAGE)]), 8]],
  ['Tile', 'Tile', one('Tile', {}, 8, TWICE)],
  ['DepthToSpace', 'DepthToSpace', one('DepthToSpace', {blocksize: 2}, 2)],
  [
    'Split',
    'Split',
    (build, a) => {
      const [left, right] = build.node('Split', [a, build.ints([3, 5])], {axis: 1}, {outputs: 2}).outputs
      return [build.op('Concat', [right, left], {axis: 1}), 8]
    },
  ],
  [
    'GatherElements',
    'GatherElements',
    (build, a) => {
      const indices = {
        dtype: 'int64',
        shape: IMAGE,
        read: () => BigInt64Array.from({length: 512}, (_, i) => BigInt(i % 8)),
      } as const
      return [build.op('GatherElements', [a, build.constant(indices)], {axis: 1}), 8]
    },
  ],
]

/** What stays float between two convolutions: no integer kernel, or a slower one. */
const IN_FLOAT: readonly Case[] = [
  ['AveragePool', 'AveragePool', one('AveragePool', {kernel_shape: [2, 2]})],
  ['Softmax', 'Softmax', one('Softmax', {axis: 1})],
  ['Pad', 'Pad', (build, a) => [build.op('Pad', [a, build.ints([0, 0, 1, 1, 0, 0, 1, 1])], {mode: 'reflect'}), 8]],
  ['Resize', 'Resize', (build, a) => [build.op('Resize', [a, undefined, build.floats(TWICE)], {mode: 'linear'}), 8]],
  ['Tanh', 'Tanh', one('Tanh')],
  ['Sub', 'Sub', (build, a, b) => [build.op('Sub', [a, b]), 8]],
  [
    'InstanceNormalization',
    'InstanceNormalization',
    (build, a) => [
      build.op('InstanceNormalization', [a, build.floats(randomFloats(8)), build.floats(randomFloats(8, 2))]),
      8,
    ],
  ],
  [
    'ConvTranspose',
    'ConvTranspose',
    (build, a) => [
      build.op('ConvTranspose', [a, build.floats(randomFloats(256, 4, 0.3), [8, 8, 2, 2])], {strides: [2, 2]}),
      8,
    ],
  ],
]

const network =
  (middle: Middle): Write =>
  (build) => {
    const a = conv(build, build.input('x', IMAGE), 1)
    const [result, channels] = middle(build, a, conv(build, a, 2))
    build.output(build.op('Relu', [conv(build, result, 3, [8, channels])], {}, {outputs: ['y']}))
  }

const halves = () =>
  new OrtTensor(
    'bool',
    Uint8Array.from({length: 512}, (_, i) => i % 2),
    IMAGE,
  )
const feedsOf = (what: string) => ({x: floatFeed(IMAGE), ...(what === 'Where' && {c: halves()})})

describe('integer kernels', () => {
  for (const [what, kernel, middle] of ON_INTEGERS) {
    it(`run ${what} between convolutions`, async () => {
      const trial = await tryStatic(network(middle), feedsOf(what))
      const kernels = await kernelsOf(trial.model)
      // the runtime drops a pair that undoes itself
      if (what !== 'Flatten' && what !== 'Squeeze') expect(kernels).to.include.keys(kernel)
      expect(kernels).to.include({QuantizeLinear: 1, DequantizeLinear: 1}).and.not.have.any.keys('Conv')
      // three or four quantizers in a row, each 1/510 of its range off: under 5 % of the peak after the layers between
      expect(trial.maxAbs)
        .to.be.above(0)
        .and.below(0.05 * peakOf(trial.before))
    })
  }

  for (const [what, kernel, middle] of IN_FLOAT) {
    it(`leave ${what}${what === 'Resize' ? ' that is not nearest' : ''} between convolutions in float`, async () => {
      const trial = await tryStatic(network(middle), feedsOf(what))
      const kernels = await kernelsOf(trial.model)
      expect(kernels)
        .to.include({[kernel]: 1, QuantizeLinear: 2})
        .and.not.have.any.keys('Conv')
      expect(trial.maxAbs)
        .to.be.above(0)
        .and.below(0.05 * peakOf(trial.before))
    })
  }

  it('give ArgMax its integers: the order is the same', async () => {
    const write: Write = (build) => {
      const scores = conv(build, conv(build, build.input('x', IMAGE), 1), 2)
      build.output(build.op('ArgMax', [scores], {axis: 1}, {outputs: ['y']}))
    }
    const {model, before, after} = await tryStatic(write, {x: floatFeed(IMAGE)})
    expect(await kernelsOf(model))
      .to.include({QLinearConv: 2, ArgMax: 1})
      .and.not.have.any.keys('DequantizeLinear')
    const same = Array.from(after.y?.data ?? []).filter((value, i) => value === before.y?.data[i])
    expect(same.length).to.be.at.least(60)
  })

  it('let a Relu behind a pool vanish into the next quantizer', async () => {
    const write = network((build, a) => [build.op('Relu', [build.op('MaxPool', [a], {kernel_shape: [2, 2]})]), 8])
    const {model, maxAbs, before} = await tryStatic(write, {x: floatFeed(IMAGE)})
    expect(await kernelsOf(model)).not.to.have.any.keys('Relu', 'Conv')
    expect(maxAbs).to.be.below(0.05 * peakOf(before))
  })

  it('stay away from a Softmax behind a Transpose: QLinearSoftmax would lose its axis', async () => {
    const write = network((build, a) => {
      const turned = build.op('Transpose', [a], {perm: [0, 1, 3, 2]})
      const shares = build.op('Softmax', [build.op('MaxPool', [turned], {kernel_shape: [2, 2]})], {axis: 1})
      return [build.op('Clip', [shares, build.scalar(0), build.scalar(2)]), 8]
    })
    const {model, maxAbs, before} = await tryStatic(write, {x: floatFeed(IMAGE)})
    expect(await kernelsOf(model))
      .to.include({Softmax: 1})
      .and.not.have.any.keys('QLinearSoftmax')
    expect(maxAbs).to.be.below(0.05 * peakOf(before))
  })

  for (const activations of ['uint8', 'int8'] as const) {
    for (const dtype of ['int8', 'uint8'] as const) {
      it(`take ${activations} activations and ${dtype} weights`, async () => {
        const write: Write = (build) => {
          const a = build.op('Relu', [conv(build, build.input('x', IMAGE), 1)])
          const flat = build.op('Flatten', [build.op('Clip', [conv(build, a, 2), build.scalar(0), build.scalar(2)])])
          const fc = [build.floats(randomFloats(5120, 5, 0.1), [512, 10]), build.floats(randomFloats(10))]
          build.output(build.op('Gemm', [flat, ...fc], {}, {outputs: ['y']}))
        }
        const trial = await tryStatic(write, {x: floatFeed(IMAGE)}, {activations, type: WEIGHT_TYPES[dtype]})
        expect(await kernelsOf(trial.model))
          .to.include({QLinearConv: 2, QGemm: 1})
          .and.not.have.any.keys('Relu', 'Clip', 'Conv', 'Gemm')
        expect(trial.maxAbs)
          .to.be.above(0)
          .and.below(0.05 * peakOf(trial.before))
      })
    }
  }
})

describe('whyNotInteger', () => {
  const reasonOf = (write: Write) => {
    const model = modelOf(write)
    const node = model.graph.nodes().at(-1)
    const fact = node && specsFor(model)(node)?.quantize
    if (!node || !fact || 'refused' in fact) throw new Error('expected a node with a fact')
    return whyNotInteger(node, fact) ?? whyNotStatic(node)
  }

  for (const [what, reason, write] of [
    [
      'ConvTranspose',
      'the runtime has no integer kernel for it: only its weight is stored as integers',
      (build) => build.op('ConvTranspose', [build.input('x', IMAGE), build.floats(randomFloats(64), [8, 8, 1, 1])]),
    ],
    [
      'a batch of matrices, in the static form',
      'its weight is a batch of matrices: on integers with --mode dynamic',
      (build) => build.op('MatMul', [build.input('x', [2, 3, 4]), build.floats(randomFloats(40), [2, 4, 5])]),
    ],
    [
      'a constant on the left',
      'its constant stands on the left: only that is stored as integers',
      (build) => build.op('MatMul', [build.floats(randomFloats(12), [3, 4]), build.input('x', [4, 5])]),
    ],
    [
      'Resize that mixes values',
      'it mixes values with these attributes',
      (build) => build.op('Resize', [build.input('x', IMAGE), undefined, build.floats(TWICE)], {mode: 'cubic'}),
    ],
    [
      'AveragePool',
      'the runtime has no faster integer kernel for it',
      (build) => build.op('AveragePool', [build.input('x', IMAGE)], {kernel_shape: [2, 2]}),
    ],
  ] as const satisfies readonly (readonly [string, string, Write])[]) {
    it(`says of ${what}: ${reason}`, () => {
      expect(reasonOf(write)).to.equal(reason)
    })
  }
})

describe('isFasterInFloat', () => {
  it('names the operators that ONNX Runtime would make integer kernels of all the same', () => {
    const model = modelOf((build) => {
      const pool = build.op('AveragePool', [build.input('x', IMAGE)], {kernel_shape: [2, 2]})
      build.output(build.op('Tanh', [build.op('Softmax', [pool])]))
    })
    expect(model.graph.nodes().map(isFasterInFloat)).to.deep.equal([true, true, false])
  })
})
