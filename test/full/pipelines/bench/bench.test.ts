import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import {expect} from 'chai'
import {InferenceSession, Tensor} from 'onnxruntime-node'
import {verdictOf} from '../../../../src/bench/statistics.js'
import {FileError, MoptError, UnsupportedError, UsageError} from '../../../../src/errors.js'
import {encodeModel} from '../../../../src/io/encode-model.js'
import type {BenchOptions} from '../../../../src/options/bench.js'
import {bench} from '../../../../src/pipelines/bench/bench.js'
import {benchResult} from '../../../../src/results.js'
import {ModelFolder} from '../../../runtime/model-folder.js'
import {modelOf, type Write} from '../../../support/pass-trial.js'
import {benchOptions, type Flat, SILENT} from '../../../support/pipeline-options.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
const IMAGES = 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz'
const LABELS = 'fixtures/fashion-mnist/t10k-labels-idx1-ubyte.gz'
const SOFTWARE_GPU = '/usr/lib/chromium/vk_swiftshader_icd.json'

const DEFAULTS = {preprocess: {mean: [0.286], std: [0.353]}, runs: 1, warmup: {runs: 1}} as const

const effects = {...SILENT, commandLine: ['bench', MLP]}

function run(paths: readonly string[], options: Flat<BenchOptions> = {}) {
  return bench(paths, benchOptions({...DEFAULTS, ...options}), effects)
}

async function failureOf(paths: readonly string[], options: Flat<BenchOptions> = {}): Promise<unknown> {
  return run(paths, options).catch((error: unknown) => error)
}

/** A plain loop over onnxruntime-node at the batch given, without any of mopt. */
async function plainAccuracy(path: string, batch: number): Promise<number> {
  const pixels = gunzipSync(readFileSync(IMAGES)).subarray(16)
  const labels = gunzipSync(readFileSync(LABELS)).subarray(8)
  const session = await InferenceSession.create(path)
  let hits = 0
  for (let start = 0; start < labels.length; start += batch) {
    const rows = Math.min(batch, labels.length - start)
    const input = Float32Array.from(
      pixels.subarray(start * 784, (start + rows) * 784),
      (x) => (x / 255 - 0.286) / 0.353,
    )
    const {logits} = await session.run({input: new Tensor('float32', input, [rows, 1, 28, 28])})
    const scores = logits?.data as Float32Array
    for (let row = 0; row < rows; row++) {
      const own = scores.subarray(row * 10, row * 10 + 10)
      if (own.indexOf(Math.max(...own)) === labels[start + row]) hits++
    }
  }
  return hits / labels.length
}

describe('bench', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('gives the documented JSON, with medians whose quotient is the ratio', async () => {
    const result = await run([MLP, MLP], {runs: 160, warmup: {ms: 20}})
    expect(benchResult.strict().parse(result)).to.deep.equal(result)
    expect(result.results.map(({model}) => model)).to.deep.equal(['mlp_fm.onnx', 'mlp_fm.onnx #2'])
    const [baseline, again] = result.results
    expect(baseline?.relative).to.equal(null)
    const {ratio, low, high, verdict} = again?.relative?.latency ?? expect.fail('not compared')
    expect((again?.latencyMs?.p50 ?? 0) / (baseline?.latencyMs?.p50 ?? 0) / ratio).to.be.closeTo(1, 1e-12)
    expect(verdict).to.equal(verdictOf({point: ratio, low, high}, 0.02))
    expect(again?.latencyMs).to.include({samples: 160, processes: 8})
    expect(again).to.include({parameters: 235_146, sizeBytes: statSync(MLP).size, batch: 1, status: 'ok'})
    expect(again?.nodesByProvider).to.have.all.keys('cpu')
  })

  it('judges exactly as a plain loop over the runtime does at the same batch', async () => {
    for (const evalBatch of [undefined, 7]) {
      const result = await run([MLP], {data: IMAGES, evalBatch})
      expect(result.results[0]?.metrics.top1).to.equal(await plainAccuracy(MLP, evalBatch ?? 64))
      expect(result.results[0]?.evalBatch).to.equal(evalBatch ?? 64)
      expect(result.method.metric).to.include({name: 'top1', samples: 1000})
    }
  })

  it('turns a model that does not load or fit into a row that says why', async () => {
    const half = folder.write('half.onnx', readFileSync(MLP).subarray(0, 100_000))
    const fixed = folder.unary('fixed.onnx', 'Relu', [4, 8])
    const unknown = folder.unary('unknown.onnx', 'NoSuchOperator', ['N', 8])
    const {results} = await run([folder.unary('free.onnx', 'Relu', ['N', 8]), half, fixed, unknown], {batches: [2]})
    expect(results.map(({status}) => status)).to.deep.equal(['ok', 'failed', 'failed', 'failed'])
    expect(results[1]?.error).to.include('cut short')
    expect(results[2]?.error).to.equal("the batch of its input 'x' is fixed at 4, not 2")
    expect(results[3]?.error).to.include('NoSuchOperator')
  })

  it('takes the batch that the first model is fixed at', async () => {
    const {results} = await run([folder.unary('four.onnx', 'Relu', [4, 8])])
    expect(results[0]).to.include({batch: 4, status: 'ok'})
  })

  it('ends with the error of a baseline that runs nowhere', async () => {
    const unknown = folder.unary('unknown.onnx', 'NoSuchOperator', ['N', 8])
    expect(await failureOf([unknown, MLP])).to.include({exitCode: 3})
    const fixed = folder.unary('fixed.onnx', 'Relu', [4, 8])
    expect(await failureOf([fixed], {batches: [2]})).to.be.instanceOf(UnsupportedError)
  })

  it('writes the reports and misses budgets, failed rows included', async () => {
    const [markdown, json] = [`${folder.path}/bench.md`, `${folder.path}/bench.json`]
    const unknown = folder.unary('unknown.onnx', 'NoSuchOperator', ['N', 8])
    const result = await run([MLP, MLP, unknown], {maxSize: '100%', reports: [markdown, json]})
    expect(result.budget?.checks.map(({passed}) => passed)).to.deep.equal([true, false])
    expect(JSON.parse(readFileSync(json, 'utf8'))).to.deep.equal(JSON.parse(JSON.stringify(result)))
    expect(readFileSync(markdown, 'utf8')).to.include('# 2 models against mlp_fm.onnx').and.not.include(folder.path)
  })

  it('applies absolute budgets to a model that is alone', async () => {
    const result = await run([MLP], {maxLatency: '1ns', maxSize: '1MB'})
    expect(result.budget?.checks.map(({name, passed}) => [name, passed])).to.deep.equal([
      ['max-size', true],
      ['max-latency', false],
    ])
  })

  it('takes a metric from a module', async () => {
    const module = `${folder.path}/share-of-zeros.mjs`
    writeFileSync(
      module,
      'export default {direction: "lower", bounded: true, compute: (y, shape, labels) => labels.length / y.length}',
    )
    const result = await run([MLP], {data: IMAGES, metrics: [module, 'top5']})
    expect(result.results[0]?.metrics['share-of-zeros']).to.equal(0.1)
    expect(result.results[0]?.metrics).to.have.property('top5').above(0.9)
    expect(result.method.metric).to.include({name: 'share-of-zeros', direction: 'lower', bounded: true})
  })

  it('blames the module for what its metric throws', async () => {
    const module = `${folder.path}/throws.mjs`
    writeFileSync(module, 'export default () => { throw new Error("no such class") }')
    const error = await failureOf([MLP], {data: IMAGES, metrics: [module]})
    expect(error).to.be.instanceOf(UsageError)
    expect((error as Error).message).to.match(/throws\.mjs: expected compute .* it threw: no such class/)
  })

  it('refuses what cannot work before it measures anything', async () => {
    const refused: readonly [Flat<BenchOptions>, new (...args: never[]) => MoptError, RegExp][] = [
      [{maxDrop: '1%'}, UsageError, /got one model/],
      [{maxSize: 'big'}, UsageError, /--max-size: expected/],
      [{metrics: ['top3']}, UsageError, /--metric top3: expected top1/],
      [{metrics: ['top1']}, UsageError, /expected samples to judge on/],
      [{metrics: ['./no-such.mjs'], data: IMAGES}, UsageError, /expected a module that can be imported/],
      [{reports: ['bench.html']}, UsageError, /expected a name that ends with .md or .json/],
      [{reports: ['no-such-folder/bench.md']}, FileError, /there is no folder 'no-such-folder'/],
      [{providers: ['gpu']}, UsageError, /provider 'gpu': expected one of/],
      [{dims: {T: 4}}, MoptError as never, /T/],
    ]
    for (const [options, type, text] of refused) {
      const error = await failureOf([MLP], options)
      expect(error, text.source).to.be.instanceOf(type)
      expect((error as Error).message).to.match(text)
    }
    expect(await failureOf(['no-such.onnx'])).to.be.instanceOf(FileError)
  })

  for (const shape of [
    [0, 4],
    [0, 'N', 2],
  ]) {
    it(`hints at what works for an input [${shape}], whose batch has no rows`, async () => {
      const write: Write = (build) => build.output(build.op('Relu', [build.input('x', shape)]))
      const path = folder.write(`zero-${shape.length}.onnx`, encodeModel(modelOf(write)))
      const error = await failureOf([path])
      expect(error).to.be.instanceOf(UnsupportedError)
      const [, advised = ''] = /--input-shape x=(\d+(?:,\d+)*)/.exec((error as UnsupportedError).hint ?? '') ?? []
      const followed = await run([path], {inputShapes: {x: advised.split(',').map(Number)}})
      expect(followed.results[0]).to.include({status: 'ok', batch: 0})
    })
  }

  if (existsSync(SOFTWARE_GPU)) {
    it('measures on webgpu, and reads from the runtime where nodes ran', async () => {
      const {VK_DRIVER_FILES, LD_LIBRARY_PATH} = process.env
      // Debian keeps the loader of Vulkan beside its software device when no other package brought one
      Object.assign(process.env, {VK_DRIVER_FILES: SOFTWARE_GPU, LD_LIBRARY_PATH: '/usr/lib/chromium'})
      try {
        const {results} = await run([MLP], {providers: ['webgpu'], data: IMAGES, limit: 100})
        expect(results[0]).to.include({provider: 'webgpu', status: 'ok'})
        expect(results[0]?.nodesByProvider.webgpu).to.be.above(0)
        expect(results[0]?.metrics.top1).to.be.above(0.8)
      } finally {
        restore({VK_DRIVER_FILES, LD_LIBRARY_PATH})
      }
    })
  }
})

function restore(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}
