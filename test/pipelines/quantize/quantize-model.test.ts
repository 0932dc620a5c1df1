import {expect} from 'chai'
import {UnsupportedError} from '../../../src/errors.js'
import {float} from '../../../src/ir/attribute.js'
import {verify} from '../../../src/ir/verify.js'
import {type GraphOptions, quantizeGraph} from '../../../src/pipelines/quantize/quantize-model.js'
import {floatFeed, maxDifference, modelOf, opTypes, peakOf, randomFloats, type Write} from '../../support/pass-trial.js'
import {PASS_DEFAULTS} from '../../support/pipeline-options.js'
import {runGraph} from '../../support/run-graph.js'
import {rangesOf} from '../../support/static-trial.js'

const OPTIONS: GraphOptions = {
  ...PASS_DEFAULTS,
  mode: 'auto',
  perChannel: true,
  peak: 127,
  sizeOf: (dim) => (typeof dim === 'number' ? dim : 1),
}

/** Convolution, BatchNormalization, Clip, convolution, a Gemm: written as exporters of old did. */
const cnn =
  (opset: number): Write =>
  (build) => {
    const channels = [0, 1, 2].map((i) => build.floats(randomFloats(16, 20 + i)))
    const variance = build.floats(randomFloats(16, 23).map((value) => Math.abs(value) + 0.5))
    const weights = [
      build.floats(randomFloats(16 * 8 * 9, 1, 0.3), [16, 8, 3, 3]),
      build.floats(randomFloats(256, 2), [16, 16, 1, 1]),
    ]
    const first = build.op('Conv', [build.input('x', [1, 8, 8, 8]), weights[0]], {pads: [1, 1, 1, 1]}, {name: 'first'})
    const norm = build.op('BatchNormalization', [first, ...channels, variance], {epsilon: float(1e-5)})
    const clip =
      opset < 11
        ? build.op('Clip', [norm], {min: float(0), max: float(6)})
        : build.op('Clip', [norm, build.scalar(0), build.scalar(6)])
    const flat = build.op('Flatten', [
      build.op('GlobalAveragePool', [build.op('Conv', [clip, weights[1]], {}, {name: 'second'})]),
    ])
    const fc = [build.floats(randomFloats(64 * 16, 5), [64, 16]), build.floats(randomFloats(64))]
    build.output(build.op('Gemm', [flat, ...fc], {transB: 1}, {name: 'fc', outputs: ['y']}))
  }

const feeds = {x: floatFeed([1, 8, 8, 8])}

describe('quantizeGraph', () => {
  for (const opset of [9, 12, 13, 17, 21]) {
    it(`quantizes a CNN of opset ${opset} with data, BatchNormalization folded, and it computes the same`, async () => {
      const before = await runGraph(modelOf(cnn(opset), opset), feeds)
      const model = modelOf(cnn(opset), opset)
      const calibrate = (names: readonly string[]) => rangesOf(cnn(opset), names, feeds, opset)
      const {changed} = await quantizeGraph(model, {...OPTIONS, mode: 'static', calibrate})
      expect(verify(model.graph)).to.deep.equal([])
      expect(opTypes(model)).not.to.include('BatchNormalization').and.not.to.include('Clip')
      expect(changed.filter(({rule}) => rule === 'static').map(({node}) => node)).to.deep.equal([
        'first',
        'second',
        'fc',
      ])
      const after = await runGraph(model, feeds, 'all')
      // four quantizers in a row, each 1/510 of its range off
      expect(maxDifference(before, after))
        .to.be.above(0)
        .and.below(0.05 * peakOf(before))
    })
  }

  it('stores weights of an old opset without needing newer operators', async () => {
    const model = modelOf(cnn(9), 9)
    await quantizeGraph(model, {...OPTIONS, mode: 'weights'})
    expect(model.opsets.get('')).to.equal(9)
    const [before, after] = [await runGraph(modelOf(cnn(9), 9), feeds), await runGraph(model, feeds)]
    expect(maxDifference(before, after))
      .to.be.above(0)
      .and.below(0.05 * peakOf(before))
  })

  it('imports the domain of the runtime only where its operators are used', async () => {
    const model = modelOf(cnn(17))
    model.opsets.delete('com.microsoft')
    await quantizeGraph(model, {...OPTIONS, mode: 'weights'})
    expect(model.opsets.has('com.microsoft')).to.equal(false)
  })

  it('asks for ranges of tensors once, and not at all when nothing is to be calibrated', async () => {
    const asked: string[][] = []
    const calibrate = async (names: readonly string[]) => {
      asked.push([...names])
      return new Map(names.map((name) => [name, {min: -1, max: 1}]))
    }
    const sequences = modelOf((build) => {
      const weight = build.floats(randomFloats(256 * 256), [256, 256])
      build.output(build.op('MatMul', [build.input('x', [1, 64, 256]), weight]))
    })
    await quantizeGraph(sequences, {...OPTIONS, calibrate})
    expect(asked).to.deep.equal([])
    expect(opTypes(sequences)).to.include('MatMulInteger')
    await quantizeGraph(modelOf(cnn(17)), {...OPTIONS, calibrate})
    expect(asked).to.have.length(1)
    expect(asked[0]).to.include('x')
  })

  it('reports each node that stays float once, with the first reason', async () => {
    const model = modelOf(cnn(17))
    const {skipped} = await quantizeGraph(model, {...OPTIONS, exclude: [/^first$/]})
    expect(skipped.map(({node}) => node)).to.deep.equal(['first'])
    expect(skipped[0]?.reason).to.equal('excluded by --exclude ^first$')
  })

  const productOf = (dtype: 'float16' | 'bfloat16' | 'float64') =>
    modelOf((build) => {
      const read = () => (dtype === 'float64' ? new Float64Array(4096) : new Uint16Array(4096))
      const weight = build.constant({dtype, shape: [64, 64], read})
      build.output(build.op('MatMul', [build.input('x', [64, 64], dtype), weight]))
    })

  it('declines a model without float weights, one of other floats, and one whose every node is excluded', async () => {
    const empty = modelOf((build) => {
      build.output(build.op('Abs', [build.input('x', [4])]))
    })
    for (const [model, options, text] of [
      [empty, OPTIONS, /nothing to quantize: no float32 weights/],
      [productOf('bfloat16'), {...OPTIONS, mode: 'weights'}, /expected float32 weights, the model's are bfloat16$/],
      [productOf('float64'), {...OPTIONS, mode: 'weights'}, /expected float32 weights, the model's are float64$/],
      [
        productOf('float16'),
        {...OPTIONS, mode: 'float16'},
        /expected float32 weights, the model's are float16 already/,
      ],
      [modelOf(cnn(17)), {...OPTIONS, exclude: [/./]}, /nothing to quantize: .*excluded by --exclude \./],
    ] as const) {
      const error = await quantizeGraph(model, options).catch((reason) => reason)
      expect(error).to.be.instanceOf(UnsupportedError)
      expect(error.message).to.match(text)
    }
  })
})
