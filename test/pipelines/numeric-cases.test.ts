import {expect} from 'chai'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {portsOf} from '../../src/data/model-ports.js'
import {openData} from '../../src/data/open-data.js'
import {openModel} from '../../src/io/open-model.js'
import type {QuantizeOptions} from '../../src/options/quantize.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../support/data-folder.js'
import {type Flat, quantizeOptions, SILENT} from '../support/pipeline-options.js'

const pathOf = (name: string, file: string) => `fixtures/cases/${name}/${file}`

/** SQNR of each sample, dB, of a case's first output: what the two files give in a plain session. */
async function sqnrOfSamples(name: string, quantized: string): Promise<number[]> {
  const file = await openModel(pathOf(name, 'model.onnx'))
  const dataset = await openData({path: pathOf(name, 'data.npz'), seed: 0}, portsOf(file.model))
  file.close()
  const options = {logSeverityLevel: 4, intraOpNumThreads: 1} as const
  const sessions = await Promise.all(
    [pathOf(name, 'model.onnx'), quantized].map((path) => InferenceSession.create(path, options)),
  )
  const ratios: number[] = []
  for await (const {inputs} of dataset.batches(1)) {
    const feeds = Object.entries(inputs).map(([input, {dtype, shape, data}]) => {
      return [input, new OrtTensor(dtype as 'float32', data.slice() as Float32Array, shape)] as const
    })
    const results = await Promise.all(sessions.map((session) => session.run(Object.fromEntries(feeds))))
    const [float, integers] = results.map((result) => Object.values(result)[0]?.data as Float32Array)
    const [signal, noise] = [energy(float), energy(float?.map((value, i) => value - (integers?.[i] as number)))]
    ratios.push(10 * Math.log10(signal / noise))
  }
  await Promise.all(sessions.map((session) => session.release()))
  return ratios
}

function energy(values: Float32Array | undefined): number {
  return values?.reduce((sum, value) => sum + value * value, 0) ?? Number.NaN
}

describe('quantize, on cases that other versions spoiled', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  const run = (name: string, options: Flat<QuantizeOptions>) => {
    const [output, data] = [`${folder.path}/${name}.onnx`, pathOf(name, 'data.npz')]
    return quantize(
      pathOf(name, 'model.onnx'),
      quantizeOptions({mode: 'static', data, output, force: true, ...options}),
      SILENT,
    )
  }

  it('does not move biases to make up for an outlier that calibration clips on purpose', async () => {
    const {output, changed} = await run('entropy-one-outlier', {calibration: 'entropy', verify: false})
    expect(changed.filter(({rule}) => rule === 'correct-bias')).to.not.be.empty
    const [outlier = 0, lowest = 0] = (await sqnrOfSamples('entropy-one-outlier', output.path)).sort((a, b) => a - b)
    expect(outlier).to.be.below(5)
    // 15.9 with the outlier in the means
    expect(lowest).to.be.above(24)
  })

  it('evens channels out that are thousands of times smaller than others', async () => {
    const {output, changed} = await run('equalization', {verify: false})
    expect(changed.map(({rule}) => rule)).to.include('equalize-layers')
    // 3.4 where the small channels are lost
    expect(Math.min(...(await sqnrOfSamples('equalization', output.path)))).to.be.above(30)
  })

  it('leaves in float what reads a tensor without elements, and goes on', async () => {
    for (const calibration of ['minmax', 'percentile'] as const) {
      const {output, changed, skipped} = await run('empty-activation', {calibration, excludeOps: ['Relu']})
      const integer = changed.filter(({rule}) => rule === 'static').map(({node}) => node)
      expect(integer, calibration).to.have.members(['cv', 'cv2', 'mm_rest'])
      expect(skipped.map(({node}) => node)).to.include('mm_on_empty')
      expect(Math.min(...(await sqnrOfSamples('empty-activation', output.path)))).to.be.above(25)
    }
  })
})
