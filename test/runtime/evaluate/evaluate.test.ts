import {expect} from 'chai'
import {InferenceSession, Tensor, type TypedTensor} from 'onnxruntime-node'
import {openData} from '../../../src/data/open-data.js'
import {dtypeCode} from '../../../src/ir/dtype.js'
import {evaluate} from '../../../src/runtime/evaluate/evaluate.js'
import {errorOf} from '../../support/data-reading.js'
import {CPU, IMAGES, ModelFolder} from '../model-folder.js'

const CNN = 'fixtures/models/cnn_fm.onnx'

/** A plain loop over ONNX Runtime. */
async function bareLogits(batch: number): Promise<number[]> {
  const session = await InferenceSession.create(CNN, {intraOpNumThreads: 1})
  const dataset = await openData(IMAGES, [{name: 'input', dtype: 'float32', shape: ['N', 1, 28, 28]}])
  const logits: number[] = []
  for await (const {inputs, size} of dataset.batches(batch)) {
    const {input} = inputs
    if (!input) throw new Error('no input')
    const result = await session.run({input: new Tensor('float32', input.data as Float32Array, input.shape)})
    logits.push(...(result.logits as TypedTensor<'float32'>).data.subarray(0, 10 * size))
  }
  return logits
}

describe('evaluate', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('gives exactly the outputs of a bare loop at the same batch, with labels', async () => {
    const seen: number[] = []
    const onProgress = (done: number) => seen.push(done)

    const result = await evaluate(CNN, CPU, {data: IMAGES, batch: 64, onProgress})

    expect(result.shape).to.deep.equal([1000, 10])
    expect(Array.from(result.data)).to.deep.equal(await bareLogits(64))
    expect(result.labels).to.have.length(1000)
    expect(seen.at(-1)).to.equal(1000)
    expect(result.peakRssBytes).to.be.greaterThan(30e6)
  })

  it('cuts the rows that fill up the last batch of a model with a fixed batch', async () => {
    const model = folder.unary('fixed.onnx', 'Neg', [4, 2])
    const path = folder.rows('six.npy', [6, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])

    const {shape, data, samples} = await evaluate(model, CPU, {data: {path, seed: 0}, batch: 64})

    expect(shape).to.deep.equal([6, 2])
    expect(samples).to.equal(6)
    expect(Array.from(data)).to.deep.equal([-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12])
  })

  it('hands over outputs larger than one message in order', async () => {
    const model = folder.unary('wide.onnx', 'Neg', ['N', 1000])
    const path = folder.rows(
      'wide.npy',
      [700, 1000],
      Float32Array.from({length: 700_000}, (_, i) => i),
    )
    const {data} = await evaluate(model, CPU, {data: {path, seed: 0}, batch: 300})
    expect(data.length).to.equal(700_000)
    expect(data.every((value, i) => value === -i)).to.equal(true)
  })

  it('gives int64 outputs as numbers', async () => {
    const model = folder.model('int64.onnx', (build) => {
      build.output(build.op('Cast', [build.input('x', ['N', 3])], {to: dtypeCode('int64')}))
    })
    const path = folder.rows('whole.npy', [2, 3], [1, 0, -7, 2 ** 20, 1, 0])
    const {data} = await evaluate(model, CPU, {data: {path, seed: 0}, batch: 2})
    expect(Array.from(data)).to.deep.equal([1, 0, -7, 2 ** 20, 1, 0])
  })

  it('decodes float16 of any size', async () => {
    const model = folder.model('half.onnx', (build) => {
      build.output(build.op('Cast', [build.input('x', ['N', 5])], {to: dtypeCode('float16')}))
    })
    const path = folder.rows('halves.npy', [1, 5], [-0.333251953125, 65504, 2 ** -24, 1023.5, -2])
    const {data} = await evaluate(model, CPU, {data: {path, seed: 0}, batch: 1})
    expect(Array.from(data)).to.deep.equal([-0.333251953125, 65504, 2 ** -24, 1023.5, -2])
  })

  describe('with two outputs', () => {
    const model = folder.model('two.onnx', (build) => {
      const x = build.input('x', ['N', 2])
      build.output(build.op('Neg', [x], {}, {outputs: ['negative']}))
      build.output(build.op('ReduceSum', [x], {keepdims: 0}, {outputs: ['total']}))
    })
    const data = {path: folder.rows('pair.npy', [2, 2], [1, 2, 3, 4]), seed: 0}

    it('takes the named one, and lists the names when it is not there', async () => {
      const error = await errorOf(evaluate(model, CPU, {data, batch: 2, outputName: 'logits'}))
      expect(error).to.include({code: 'USAGE', hint: 'Its outputs: negative, total'})
      const {shape} = await evaluate(model, CPU, {data, batch: 2, outputName: 'negative'})
      expect(shape).to.deep.equal([2, 2])
    })

    it('refuses an output with several rows for each sample: the first ones are not the samples', async () => {
      const tokens = folder.model('tokens.onnx', (build) => {
        const rows = build.op('Reshape', [build.input('x', ['N', 2]), build.ints([-1, 1])], {}, {outputs: ['rows']})
        build.output(rows)
      })
      const error = await errorOf(evaluate(tokens, CPU, {data, batch: 2}))
      expect(error.message).to.equal("output 'rows': expected one row per sample, 2 in this batch, got shape [4,1]")
    })

    it('refuses an output that has no row per sample', async () => {
      const error = await errorOf(evaluate(model, CPU, {data, batch: 2, outputName: 'total'}))
      expect(error.code).to.equal('UNSUPPORTED')
      expect(error.message).to.equal("output 'total': expected one row per sample, 2 in this batch, got shape []")
    })
  })

  it('refuses data without samples', async () => {
    const model = folder.unary('any.onnx', 'Neg', ['N', 2])
    const data = {path: folder.rows('none.npy', [0, 2], []), seed: 0}
    expect((await errorOf(evaluate(model, CPU, {data, batch: 1}))).code).to.equal('BAD_DATA')
  })
})
