import {mkdtempSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {InferenceSession, Tensor} from 'onnxruntime-node'
import {openData} from '../../../../src/data/open-data.js'
import {InterruptedError} from '../../../../src/errors.js'
import {encodeModel} from '../../../../src/io/encode-model.js'
import {openModel} from '../../../../src/io/open-model.js'
import {dtypeCode} from '../../../../src/ir/dtype.js'
import {calibrate} from '../../../../src/runtime/calibrate/calibrate.js'
import {CPU, IMAGES, ModelFolder, named} from '../../../runtime/model-folder.js'
import {errorOf} from '../../../support/data-reading.js'
import {bellValues} from '../../../support/raw-values.js'

const CNN = 'fixtures/models/cnn_fm.onnx'
const METHODS = ['minmax', 'percentile', 'entropy', 'mse'] as const
const MINMAX = {method: 'minmax', percentile: 99.99} as const

describe('calibrate', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('finds the extremes of activations that a bare session fetches itself', async () => {
    const {tensors, values} = await fetchActivations(20)

    const {ranges, samples} = await calibrate(CNN, CPU, {...MINMAX, data: IMAGES, tensors, limit: 20})

    expect(samples).to.equal(20)
    expect([...ranges.keys()]).to.deep.equal(tensors)
    for (const [tensor, range] of ranges) {
      const seen = values.get(tensor) ?? []
      expect(range.min, tensor).to.be.closeTo(Math.min(...seen), 1e-5)
      expect(range.max, tensor).to.be.closeTo(Math.max(...seen), 1e-5)
    }
  })

  it('does not depend on the batch', async () => {
    const options = {...MINMAX, data: IMAGES, tensors: ['input', 'logits'], limit: 13}
    const one = await calibrate(CNN, CPU, {...options, batch: 1})
    const five = await calibrate(CNN, CPU, {...options, batch: 5})
    for (const tensor of options.tensors) {
      expect(five.ranges.get(tensor)?.min).to.be.closeTo(one.ranges.get(tensor)?.min ?? 0, 1e-5)
      expect(five.ranges.get(tensor)?.max).to.be.closeTo(one.ranges.get(tensor)?.max ?? 0, 1e-5)
    }
  })

  it('clips the tails that the percentile cuts, half at each side, to within a bin', async () => {
    const values = Array.from({length: 2000}, (_, i) => Math.tan(((i * 0.618034) % 1) * 2.8 - 1.4))
    const data = {path: folder.rows('tails.npy', [500, 4], values), seed: 0}
    const tensors = ['x', 'y']

    const {ranges} = await calibrate(folder.unary('neg.onnx', 'Neg'), CPU, {
      data,
      tensors,
      method: 'percentile',
      percentile: 98,
    })

    const sorted = values.map(Math.fround).sort((a, b) => a - b)
    const bin = ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / 2048
    expect(ranges.get('x')?.min).to.be.closeTo(sorted[20] ?? 0, 2 * bin)
    expect(ranges.get('x')?.max).to.be.closeTo(sorted[1979] ?? 0, 2 * bin)
    expect(ranges.get('y')?.max).to.be.closeTo(-(sorted[20] ?? 0), 2 * bin)
  })

  // the other methods are functions of the same histograms as entropy
  for (const method of ['minmax', 'entropy'] as const) {
    it(`${method}: ranges depend neither on the batch, nor on the order, nor on the number of processes`, async () => {
      const values = Array.from({length: 900}, (_, i) => Math.tan(((i * 0.618034) % 1) * 2.8 - 1.4))
      const forward = {path: folder.rows(`${method}.npy`, [225, 4], values), seed: 0}
      const backward = {path: folder.rows(`${method}-back.npy`, [225, 4], values.toReversed()), seed: 0}
      const model = folder.unary(`${method}.onnx`, 'Neg')
      const options = {method, percentile: 99, tensors: ['x', 'y']}

      const {ranges, samples} = await calibrate(model, CPU, {...options, data: forward})

      const others = [
        {data: backward, batch: 7},
        {data: forward, batch: 100, processes: 2},
      ]
      for (const other of others) {
        const again = await calibrate(model, CPU, {...options, ...other})
        expect([...again.ranges]).to.deep.equal([...ranges])
        expect(again.samples).to.equal(samples)
      }
    })
  }

  it('cuts what the method says, and keeps zero as the end after a Relu', async () => {
    const values = bellValues(40_000)
    values[7] = 90
    const data = {path: folder.rows('outlier.npy', [10_000, 4], values), seed: 0}
    const model = folder.unary('relu.onnx', 'Relu')
    for (const method of METHODS) {
      const {ranges} = await calibrate(model, CPU, {method, percentile: 99.9, data, tensors: ['x', 'y']})
      const [x, y] = [ranges.get('x'), ranges.get('y')]
      expect(y?.min, method).to.equal(0)
      if (method === 'minmax') expect([x?.max, y?.max]).to.deep.equal([90, 90])
      // one value of 90 among 40,000 is worth its steps to the squared error, nearly all of them
      else expect(Math.max(x?.max ?? 90, y?.max ?? 90), method).to.be.below(method === 'mse' ? 90 : 10)
    }
  })

  it('gives tensors of one value and of zeros that range, by every method', async () => {
    const data = {path: folder.rows('same.npy', [5, 4], new Float32Array(20).fill(-2.5)), seed: 0}
    const model = folder.unary('zeros.onnx', 'Relu')
    for (const method of METHODS) {
      const {ranges} = await calibrate(model, CPU, {method, percentile: 99, data, tensors: ['x', 'y']})
      expect(ranges.get('x'), method).to.deep.equal({min: -2.5, max: -2.5})
      expect(ranges.get('y'), method).to.deep.equal({min: 0, max: 0})
    }
  })

  it('takes no more memory for more samples', async () => {
    const elements = 2 ** 18
    const bytes = async (samples: number) => {
      const data = {path: folder.rows(`${samples}.npy`, [samples, elements], bellValues(samples * elements)), seed: 0}
      const options = {method: 'entropy', percentile: 99, data, tensors: ['x', 'y']} as const
      return (await calibrate(folder.unary('wide.onnx', 'Neg', ['N', elements]), CPU, options)).peakRssBytes
    }
    const growth = (await bytes(80)) - (await bytes(16))
    // 64 samples more are 64 MiB read and 128 MiB measured
    expect(growth / 2 ** 20).to.be.below(64)
  })

  it('does not count the rows that fill up a fixed batch', async () => {
    const model = folder.unary('fixed.onnx', 'Neg', [8, 1])
    // 9 samples in batches of 8: seven copies of the last one would pull the median there
    const data = {path: folder.rows('nine.npy', [9, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8]), seed: 0}
    const options = {data, tensors: ['x'], method: 'percentile', percentile: 50} as const
    const {ranges} = await calibrate(model, CPU, {...options, batchAxes: {x: 0}})
    expect(ranges.get('x')?.min).to.be.closeTo(2, 0.01)
    expect(ranges.get('x')?.max).to.be.closeTo(6, 0.01)
    // where nothing says which axis counts samples, the batch that is filled up is left out whole
    const unknown = (await calibrate(model, CPU, options)).ranges.get('x')
    expect(unknown?.max).to.be.closeTo(5, 0.01)
  })

  it('measures float16 tensors', async () => {
    const model = folder.model('half.onnx', (build) => {
      const half = build.op('Cast', [build.input('x', ['N', 2])], {to: dtypeCode('float16')}, {outputs: ['half']})
      half.type = {kind: 'tensor', dtype: 'float16', shape: ['N', 2]}
      build.output(build.op('Cast', [half], {to: dtypeCode('float32')}))
    })
    const data = {path: folder.rows('pair.npy', [2, 2], [1, -2, 3, 0.5]), seed: 0}
    const {ranges} = await calibrate(model, CPU, {...MINMAX, data, tensors: ['half']})
    expect(ranges.get('half')).to.deep.equal({min: -2, max: 3})
  })

  it('names the tensor that becomes NaN in a model, even where the runtime leaves it out of the extremes', async () => {
    const model = folder.unary('root.onnx', 'Sqrt')
    const data = {path: folder.rows('negative.npy', [1, 4], [3, 2, -1, 1]), seed: 0}
    const error = await errorOf(calibrate(model, CPU, {...MINMAX, data, tensors: ['x', 'y']}))
    expect(error).to.include({code: 'BAD_DATA', exitCode: 2})
    expect(error.message).to.equal("tensor 'y': expected finite values, got NaN or infinity in samples 0..0")
  })

  it('names the sample as the data counts it, and ends the other processes, when one of them finds a NaN', async () => {
    const values = Array.from({length: 40}, (_, i) => (i === 30 ? -1 : 1))
    const data = {path: folder.rows('one.npy', [40, 1], values), seed: 0, offset: 2}
    const options = {method: 'mse', percentile: 99, data, tensors: ['y'], batch: 4, processes: 2} as const
    const error = await errorOf(calibrate(folder.unary('sqrt.onnx', 'Sqrt', ['N', 1]), CPU, options))
    expect(error.message).to.equal("tensor 'y': expected finite values, got NaN or infinity in samples 28..31")
  })

  it('names the tensor that becomes infinite', async () => {
    const data = {path: folder.rows('huge.npy', [1, 4], [3e38, 200, 0, 1]), seed: 0}
    const options = {method: 'entropy', percentile: 99, data, tensors: ['y']} as const
    const error = await errorOf(calibrate(folder.unary('exp.onnx', 'Exp'), CPU, options))
    expect(error.message).to.match(/^tensor 'y': expected finite values/)
  })

  it('refuses data without samples', async () => {
    const data = {path: folder.rows('none.npy', [0, 4], []), seed: 0}
    const model = folder.unary('some.onnx', 'Neg')
    expect((await errorOf(calibrate(model, CPU, {...MINMAX, data, tensors: ['x']}))).code).to.equal('BAD_DATA')
  })

  it('leaves no temporary folder behind when interrupted', async () => {
    const temporary = mkdtempSync(join(folder.path, 'tmp-'))
    const [before, controller] = [process.env.TMPDIR, new AbortController()]
    process.env.TMPDIR = temporary
    let wasThere = false
    const promise = calibrate(CNN, CPU, {
      ...MINMAX,
      data: IMAGES,
      tensors: ['logits'],
      signal: controller.signal,
      onProgress: () => {
        wasThere = readdirSync(temporary).length > 0
        controller.abort(new InterruptedError())
      },
    })
    process.env.TMPDIR = before ?? ''
    if (before === undefined) delete process.env.TMPDIR
    expect((await errorOf(promise)).exitCode).to.equal(130)
    expect(wasThere).to.equal(true)
    expect(readdirSync(temporary)).to.deep.equal([])
  })
})

/** Activations of the CNN over the first samples, fetched one by one by a session of the test's own. */
async function fetchActivations(count: number): Promise<{tensors: string[]; values: Map<string, number[]>}> {
  const {model, close} = await openModel(CNN)
  const convs = model.graph.nodes().filter((node) => node.opType === 'Conv')
  for (const node of convs) for (const value of node.outputs) if (value) model.graph.addOutput(value)
  const session = await InferenceSession.create(encodeModel(model), {graphOptimizationLevel: 'disabled'})
  const tensors = ['input', ...convs.map((node) => named(node.outputs[0])), 'logits']
  close()
  const values = new Map(tensors.map((tensor) => [tensor, [] as number[]]))
  const dataset = await openData({...IMAGES, limit: count}, [
    {name: 'input', dtype: 'float32', shape: ['N', 1, 28, 28]},
  ])
  for await (const {inputs} of dataset.batches(1)) {
    const pixels = inputs.input?.data as Float32Array
    const results = await session.run({input: new Tensor('float32', pixels, [1, 1, 28, 28])})
    for (const tensor of tensors) {
      const data = tensor === 'input' ? pixels : (results[tensor]?.data as Float32Array)
      values.get(tensor)?.push(
        data.reduce((a, b) => Math.min(a, b)),
        data.reduce((a, b) => Math.max(a, b)),
      )
    }
  }
  return {tensors, values}
}
