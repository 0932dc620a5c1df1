import {expect} from 'chai'
import type {Model} from '../../../src/ir/model.js'
import type {Override} from '../../../src/passes/quantize/plan/option-edits.js'
import {type GraphOptions, quantizeGraph} from '../../../src/pipelines/quantize/quantize-model.js'
import {
  type Feeds,
  floatFeed,
  kernelsOf,
  maxDifference,
  modelOf,
  opTypes,
  peakOf,
  randomFloats,
  type Write,
} from '../../support/pass-trial.js'
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

/** Two convolutions and a Gemm, each big enough for every form. */
const cnn: Write = (build) => {
  const x = build.input('x', [1, 8, 8, 8])
  const weights = [1, 2].map((seed) => build.floats(randomFloats(16 * 8 * 9, seed, 0.3), [16, 8, 3, 3]))
  const first = build.op('Relu', [build.op('Conv', [x, weights[0]], {pads: [1, 1, 1, 1]}, {name: 'first'})])
  const half = build.op('Slice', [first, build.ints([0]), build.ints([8]), build.ints([1])])
  const second = build.op('Relu', [build.op('Conv', [half, weights[1]], {pads: [1, 1, 1, 1]}, {name: 'second'})])
  const fc = build.floats(randomFloats(16 * 64 * 10, 5, 0.1), [1024, 10])
  build.output(build.op('Gemm', [build.op('Flatten', [second]), fc], {}, {name: 'fc', outputs: ['y']}))
}
const image: Feeds = {x: floatFeed([1, 8, 8, 8])}

/** Two products of 64 rows. */
const products: Write = (build) => {
  const weights = [1, 2].map((seed) => build.floats(randomFloats(64 * 64, seed, 0.3), [64, 64]))
  const first = build.op('MatMul', [build.input('x', [1, 64, 64]), weights[0]], {}, {name: 'first'})
  build.output(build.op('MatMul', [build.op('Tanh', [first]), weights[1]], {}, {name: 'second', outputs: ['y']}))
}
const rows: Feeds = {x: floatFeed([1, 64, 64])}

interface Quantized {
  readonly model: Model
  readonly kernels: Record<string, number>
  /** The number type each node's weight came to, by name. */
  readonly types: Record<string, string | undefined>
  readonly skipped: readonly (readonly [node: string, reason: string])[]
}

/** Quantizes with calibration on the inputs where the mode wants it, and checks that the result computes much the same. */
async function quantized(write: Write, feeds: Feeds, changes: Partial<GraphOptions>): Promise<Quantized> {
  const opset = 21
  const model = modelOf(write, opset)
  const isStatic = changes.mode === 'static'
  const calibrate = isStatic ? (names: readonly string[]) => rangesOf(write, names, feeds, opset) : undefined
  const report = await quantizeGraph(model, {...OPTIONS, calibrate, ...changes})
  const before = await runGraph(modelOf(write, opset), feeds)
  // 4 bits keep 15 of 255 steps
  const limit = changes.weights?.endsWith('4') ? 0.3 : 0.05
  const difference = maxDifference(before, await runGraph(model, feeds, 'all'))
  expect(difference)
    .to.be.above(0)
    .and.below(limit * peakOf(before))
  return {
    model,
    kernels: await kernelsOf(model),
    types: Object.fromEntries(
      report.changed.flatMap(({node, to, rule}) => (node && to && rule !== 'absorb-activation' ? [[node, to]] : [])),
    ),
    skipped: report.skipped.map(({node, reason}) => [node, reason]),
  }
}

const override = (pattern: RegExp, to: Override['to']): Partial<GraphOptions> => ({overrides: [{pattern, to}]})

describe('passesOf', () => {
  it('leaves operators of an excluded type in float, and says so', async () => {
    const {kernels, skipped} = await quantized(cnn, image, {mode: 'static', excludeOps: ['Conv']})
    expect(kernels).to.include({QGemm: 1}).and.not.have.any.keys('QLinearConv')
    expect(skipped).to.deep.equal([
      ['first', 'excluded by --exclude-op Conv'],
      ['second', 'excluded by --exclude-op Conv'],
    ])
  })

  it('leaves a layer float that an override says so of', async () => {
    const {kernels, skipped} = await quantized(cnn, image, {mode: 'static', ...override(/^second$/, 'float')})
    expect(kernels).to.include({QLinearConv: 1})
    expect(skipped).to.deep.equal([['second', 'float by --override ^second$=float']])
  })

  it('stores the weight of a layer as float16 that an override says so of, in every mode', async () => {
    for (const mode of ['static', 'weights', 'auto'] as const) {
      const {types} = await quantized(cnn, image, {mode, ...override(/^second$/, 'float16')})
      expect(types, mode).to.deep.equal({first: 'int8', second: 'float16', fc: 'int8'})
    }
  })

  it('stores the weight of a layer unsigned that an override says so of', async () => {
    for (const mode of ['static', 'weights'] as const) {
      const {types} = await quantized(cnn, image, {mode, ...override(/^second$/, 'uint8')})
      expect(types, mode).to.deep.equal({first: 'int8', second: 'uint8', fc: 'int8'})
    }
    const {types} = await quantized(products, rows, override(/^second$/, 'uint8'))
    expect(types).to.deep.equal({first: 'int8', second: 'uint8'})
  })

  it('keeps 8 bits for a layer among 4-bit ones', async () => {
    const {types} = await quantized(cnn, image, {mode: 'weights', weights: 'int4', ...override(/^first$/, 'int8')})
    expect(types).to.deep.equal({first: 'int8', second: 'int4', fc: 'int4'})
  })

  it('multiplies integers where an override asks for them, however small the product', async () => {
    const small: Write = (build) => {
      const weight = build.floats(randomFloats(1024), [32, 32])
      build.output(build.op('MatMul', [build.input('x', [1, 32]), weight], {}, {name: 'small', outputs: ['y']}))
    }
    const feeds = {x: floatFeed([1, 32])}
    expect((await quantized(small, feeds, {})).kernels).to.deep.equal({MatMul: 1})
    expect((await quantized(small, feeds, override(/small/, 'int8'))).kernels).to.deep.equal({DynamicQuantizeMatMul: 1})
  })

  it("writes SiLU as the runtime's own operator for its CPU kernels only, in the form they fuse", async () => {
    const silu: Write = (build) => {
      const weight = (seed: number) => build.floats(randomFloats(256, seed, 0.5), [16, 16, 1, 1])
      const x = build.op('Conv', [build.input('x', [1, 16, 8, 8]), weight(1)])
      build.output(build.op('Conv', [build.op('Mul', [x, build.op('Sigmoid', [x])]), weight(2)], {}, {outputs: ['y']}))
    }
    const feeds = {x: floatFeed([1, 16, 8, 8])}
    const isOwn = async (changes: Partial<GraphOptions>) =>
      opTypes((await quantized(silu, feeds, {mode: 'static', ...changes})).model).includes('QuickGelu')
    expect(await isOwn({})).to.equal(true)
    for (const changes of [{format: 'qoperator'}, {activations: 'int8'}, {provider: 'webgpu'}] as const) {
      expect(await isOwn(changes), JSON.stringify(changes)).to.equal(false)
    }
  })

  it('takes the first override that names a layer', async () => {
    const overrides: Override[] = [
      {pattern: /^second$/, to: 'uint8'},
      {pattern: /./, to: 'int8'},
    ]
    const {types} = await quantized(cnn, image, {mode: 'weights', weights: 'uint4', overrides})
    expect(types).to.deep.equal({first: 'int8', second: 'uint8', fc: 'int8'})
  })

  for (const format of ['qdq', 'qoperator'] as const) {
    for (const activations of ['uint8', 'int8'] as const) {
      it(`runs ${format} files with ${activations} activations on integers`, async () => {
        const {kernels} = await quantized(cnn, image, {mode: 'static', format, activations})
        expect(kernels).to.include({QLinearConv: 2, QGemm: 1}).and.not.have.any.keys('Conv', 'Gemm', 'Relu')
      })
    }
  }

  for (const weights of ['int8', 'uint8', 'int4', 'uint4'] as const) {
    it(`writes ${weights} products as blocks of the runtime with format ort`, async () => {
      const {kernels, model} = await quantized(products, rows, {mode: 'weights', weights, format: 'ort'})
      expect(kernels).to.include({MatMulNBits: 2})
      expect(model.opsets.get('com.microsoft')).to.equal(1)
    })
  }

  for (const provider of ['cpu', 'webgpu']) {
    it(`computes in float16 around the runtime's blocks where that is asked for, for ${provider}`, async () => {
      const options = {
        mode: 'weights',
        rest: 'float16',
        weights: 'int4',
        format: 'ort',
        keepIo: true,
        provider,
      } as const
      const {kernels, model} = await quantized(products, rows, options)
      expect(kernels).to.include({MatMulNBits: 2})
      const dtypes = model.graph.constants().map(({constant}) => constant?.dtype)
      expect(dtypes).to.include('float16').and.not.to.include('float32')
    })
  }

  it('stores halves for the CPU, and computes in them elsewhere', async () => {
    const stored = await quantized(cnn, image, {mode: 'float16'})
    expect(stored.kernels).not.to.have.any.keys('Cast')
    expect(stored.model.graph.inputs[0]?.type).to.include({dtype: 'float32'})
    const computed = await quantized(cnn, image, {mode: 'float16', provider: 'webgpu', keepIo: true})
    const dtypes = computed.model.graph.constants().map(({constant}) => constant?.dtype)
    expect(dtypes).not.to.include('float32')
    expect(new Set(Object.values(computed.types))).to.deep.equal(new Set(['float16']))
  })
})
