import {readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {UnsupportedError, UsageError} from '../../../src/errors.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import {openModel} from '../../../src/io/open-model.js'
import {readFloat32, type Tensor} from '../../../src/ir/tensor.js'
import {verify} from '../../../src/ir/verify.js'
import type {QuantizeOptions} from '../../../src/options/quantize.js'
import {quantize} from '../../../src/pipelines/quantize/quantize.js'
import {type QuantizeResult, quantizeResult} from '../../../src/results.js'
import {DataFolder} from '../../support/data-folder.js'
import {kernelsOf, modelOf, randomFloats, type Write} from '../../support/pass-trial.js'
import {type Flat, IMAGE_DATA, quantizeOptions, SILENT, SPAM_DATA} from '../../support/pipeline-options.js'

interface ModelCase {
  readonly model: string
  readonly options: Flat<QuantizeOptions>
  /** Bytes, or share of the float file. */
  readonly largest: number
  readonly mode: string
  /** Kernels ONNX Runtime must choose, at least as often. */
  readonly kernels: Readonly<Record<string, number>>
  /** Kernels that may be left at most as often; 0 when not named: Conv, Gemm, LSTM and their fused forms. */
  readonly floats?: Readonly<Record<string, number>>
}

/** A product, and one behind it whose results pass float16's range, made small again. */
const twoProducts: Write = (build) => {
  const first = build.op('MatMul', [build.input('x', [2, 64]), build.floats(randomFloats(64 * 64, 1), [64, 64])])
  const large = build.op('MatMul', [first, build.floats(randomFloats(64 * 64, 2, 1e5), [64, 64])])
  build.output(build.op('Mul', [build.op('Abs', [large]), build.scalar(1e-5)], {}, {outputs: ['y']}))
}

const CASES: readonly ModelCase[] = [
  {
    model: 'cnn_fm',
    options: IMAGE_DATA,
    largest: 445_000,
    mode: 'static',
    kernels: {QLinearConv: 2, QGemm: 2, NhwcMaxPool: 1},
    floats: {Conv: 1},
  },
  {
    model: 'mobile_fm_bn',
    options: IMAGE_DATA,
    largest: 118_000,
    mode: 'static',
    kernels: {QLinearConv: 15, QGemm: 1, QLinearAdd: 1},
    floats: {Conv: 1},
  },
  {
    model: 'resnet8_fm_bn',
    options: IMAGE_DATA,
    largest: 110_000,
    mode: 'static',
    kernels: {QLinearConv: 8, QGemm: 1, QLinearAdd: 3},
    floats: {Conv: 1},
  },
  {
    model: 'bert_spam',
    options: SPAM_DATA,
    largest: 0.28,
    mode: 'dynamic',
    kernels: {DynamicQuantizeMatMul: 9, MatMulIntegerToFloat: 9, DynamicQuantizeLinear: 3},
    floats: {Gemm: 1, FusedGemm: 1},
  },
  {
    model: 'lstm_spam',
    options: SPAM_DATA,
    largest: 0.32,
    mode: 'dynamic',
    kernels: {DynamicQuantizeLSTM: 1},
    floats: {Gemm: 1},
  },
  {
    model: 'mlp_fm',
    options: {eval: IMAGE_DATA.eval, preprocess: IMAGE_DATA.preprocess},
    largest: 0.27,
    mode: 'dynamic',
    kernels: {},
    floats: {Gemm: 1, FusedGemm: 2},
  },
]

const FLOAT_KERNELS = ['Conv', 'FusedConv', 'Gemm', 'FusedGemm', 'LSTM', 'BatchNormalization']

describe('quantize', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  const run = (model: string, options: Flat<QuantizeOptions>): Promise<QuantizeResult> =>
    quantize(`fixtures/models/${model}.onnx`, quantizeOptions({output: `${folder.path}/`, ...options}), SILENT)

  for (const {model, options, largest, mode, kernels, floats = {}} of CASES) {
    it(`makes ${model} small, right, and integer where it counts`, async () => {
      const result = await run(model, options)
      quantizeResult.strict().parse(JSON.parse(JSON.stringify(result)))
      expect(result).to.deep.include({schemaVersion: 1, command: 'quantize', mode, cpu: 'vnni'})

      const {path, sizeBytes} = result.output
      expect(path).to.equal(`${folder.path}/${model}.int8.onnx`)
      expect(statSync(path).size).to.equal(sizeBytes)
      expect(sizeBytes).to.be.below(largest > 1 ? largest : largest * result.input.sizeBytes)

      // A point of 1,000 images has a standard error of about 0.3 points where one answer in a hundred changes.
      expect(result.metric).to.include({name: 'top1', samples: model.endsWith('spam') ? 300 : 1000})
      const {before = 0, after = 0} = result.metric ?? {}
      expect(before - (after ?? Number.NaN)).to.be.at.most(0.005 + 1e-9)
      expect(result.fidelity?.cosine).to.be.above(0.9995)

      const found = await kernelsOf(path)
      for (const [kernel, count] of Object.entries(kernels)) expect(found[kernel] ?? 0, kernel).to.be.at.least(count)
      for (const kernel of FLOAT_KERNELS) expect(found[kernel] ?? 0, kernel).to.be.at.most(floats[kernel] ?? 0)
      for (const leftover of ['Cast', 'Identity']) if (model === 'mlp_fm') expect(found).not.to.have.property(leftover)

      const written = await openModel(path)
      expect(verify(written.model.graph)).to.deep.equal([])
      written.close()
    })
  }

  it('writes the same bytes for the same command', async () => {
    const bytes = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const output = join(folder.path, `${name}.onnx`)
        await run('mobile_fm_bn', {...IMAGE_DATA, eval: undefined, limit: 32, output, verify: false})
        return readFileSync(output)
      }),
    )
    expect(bytes[0]?.equals(bytes[1] as Buffer)).to.equal(true)
    expect(bytes[0]?.includes(folder.path)).to.equal(false)
  })

  it('refuses beside --mode float16 what nothing would come of', async () => {
    const path = folder.write('small.onnx', encodeModel(modelOf(twoProducts)))
    const refused: readonly [Flat<QuantizeOptions>, string][] = [
      [{format: 'qoperator'}, '--format qoperator'],
      [{overrides: [{pattern: /./, to: 'int8'}]}, '--override .=int8'],
      [{weights: 'uint8', naming: 'transformers.js'}, '--naming transformers.js'],
    ]
    for (const [changes, flag] of refused) {
      const error = await quantize(path, quantizeOptions({mode: 'float16', ...changes}), SILENT).catch(
        (one: unknown) => one,
      )
      expect(error).to.be.instanceOf(UsageError).with.property('message').that.includes(flag)
    }
  })

  it('computes in float32 what passes the range of float16 beside 4-bit weights, and keeps their bits', async () => {
    const path = folder.write('wide.onnx', encodeModel(modelOf(twoProducts)))
    const output = join(folder.path, 'wide.q4f16.onnx')
    const options = quantizeOptions({mode: 'float16', weights: 'int4', format: 'ort', output, force: true})
    const {warnings, fidelity} = await quantize(path, options, SILENT)
    expect(warnings.map(({code}) => code)).to.include('FLOAT16_RANGE')
    expect(fidelity?.outputs[0]?.sqnrDb).to.be.above(15)
    const {model, close} = await openModel(output)
    const products = model.graph.allNodes().filter(({opType}) => opType === 'MatMulNBits')
    expect(products.map(({inputs}) => inputs[2]?.constant?.dtype)).to.deep.equal(['float16', 'float32'])
    close()
  })

  it('keeps to the rules with --tune where nothing else can be chosen, to the same bytes', async () => {
    const large = modelOf((build) => {
      const weight = build.floats(randomFloats(256 * 256), [256, 256])
      build.output(build.op('MatMul', [build.input('x', [64, 256]), weight]))
    })
    const path = folder.write('large.onnx', encodeModel(large))
    const written = await Promise.all(
      [false, true].map(async (tune) => {
        const output = join(folder.path, `large-${tune}.onnx`)
        const {tuned} = await quantize(path, quantizeOptions({output, tune}), SILENT)
        return {tuned, bytes: readFileSync(output)}
      }),
    )
    expect(written.map(({tuned}) => tuned)).to.deep.equal([null, []])
    expect(written[0]?.bytes.equals(written[1]?.bytes as Buffer)).to.equal(true)
  })

  it('refuses --tune where nothing is computed on integers', async () => {
    for (const options of [{mode: 'weights'}, {mode: 'float16'}, {weights: 'int4'}] as const) {
      const error = await run('mlp_fm', {...options, tune: true}).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(UsageError).with.property('message').that.includes('--tune')
    }
  })

  it('clips outliers with percentile calibration', async () => {
    const scales = await Promise.all(
      ([100, 90] as const).map(async (percentile) => {
        const output = join(folder.path, `p${percentile}.onnx`)
        const calibration = percentile === 100 ? 'minmax' : 'percentile'
        await run('mlp_fm', {
          ...IMAGE_DATA,
          eval: undefined,
          mode: 'static',
          calibration,
          percentile,
          output,
          verify: false,
        })
        const {model, close} = await openModel(output)
        const quantizers = model.graph.nodes().filter(({opType}) => opType === 'QuantizeLinear')
        const values = quantizers.map(({inputs}) => readFloat32(inputs[1]?.constant as Tensor)[0] as number)
        close()
        return values
      }),
    )
    const [whole = [], clipped = []] = scales
    expect(clipped).to.have.length(whole.length).above(0)
    clipped.forEach((scale, i) => {
      expect(scale).to.be.below(whole[i] as number)
    })
  })

  it('keeps half the range of weights for any processor', async () => {
    const output = join(folder.path, 'any.onnx')
    const result = await run('resnet8_fm_bn', {
      ...IMAGE_DATA,
      eval: undefined,
      limit: 16,
      cpu: 'any',
      output,
      verify: false,
    })
    expect(result.cpu).to.equal('any')
    const {model, close} = await openModel(output)
    const weights = model.graph.constants().filter(({constant}) => constant?.dtype === 'int8')
    const peaks = weights.map(({constant}) => Math.max(...Array.from(constant?.read() as Int8Array, Math.abs)))
    expect(Math.max(...peaks)).to.equal(64)
    close()
  })

  it('leaves excluded layers alone and says so', async () => {
    const result = await run('bert_spam', {
      exclude: [/^\/b\.0\//],
      output: join(folder.path, 'excluded.onnx'),
      verify: false,
    })
    const reasons = new Set(result.skipped.map(({reason}) => reason))
    expect(reasons).to.include('excluded by --exclude ^\\/b\\.0\\/')
    const quantized = result.changed.filter(({to}) => to === 'int8')
    for (const {node = ''} of quantized) expect(node).not.to.match(/^\/b\.0\//)
  })

  it('says what its inputs were, and that data would help', async () => {
    const {warnings, fidelity} = await run('mlp_fm', {output: join(folder.path, 'plain.onnx')})
    expect(warnings.map(({code}) => code)).to.include.members(['NO_DATA', 'SYNTHETIC_INPUT'])
    expect(fidelity?.inputs).to.equal('synthetic')
  })

  it('does not quantize twice', async () => {
    for (const [model, options] of [
      ['mlp_fm', {}],
      ['lstm_spam', {}],
      ['cnn_fm', {...IMAGE_DATA, eval: undefined, limit: 8}],
    ] as const) {
      const once = join(folder.path, `once-${model}.onnx`)
      await run(model, {...options, output: once, verify: false})
      const twice = join(folder.path, 'twice.onnx')
      const error = await quantize(once, quantizeOptions({...options, output: twice}), SILENT).catch((reason) => reason)
      expect(error, model).to.be.instanceOf(UnsupportedError)
      expect(error.message).to.match(/nothing to quantize: the model is quantized already, .*int8/)
      expect(statSync(twice, {throwIfNoEntry: false})).to.equal(undefined)
    }
  })

  it('asks for data where static needs it', async () => {
    const error = await run('mlp_fm', {mode: 'static'}).catch((reason) => reason)
    expect(error).to.be.instanceOf(UsageError)
    expect(error.message).to.match(/--mode static: expected --data/)
  })

  it('says what reading the data gave to say', async () => {
    const {warnings} = await run('mlp_fm', {
      data: IMAGE_DATA.data,
      limit: 8,
      output: join(folder.path, 'noted.onnx'),
      verify: false,
    })
    expect(warnings.map(({code}) => code)).to.include('DATA_NOTE')
  })
})
