import {execFile, spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect} from 'chai'
import {openData} from '../../src/data/open-data.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../support/data-folder.js'
import {npyOf} from '../support/npy-writer.js'
import {modelOf, randomFloats, type Write} from '../support/pass-trial.js'
import {IMAGE_DATA, quantizeOptions, SILENT} from '../support/pipeline-options.js'

/** Debian's qemu-user-static gives a process a processor without a dot-product instruction. */
const QEMU = ['qemu-x86_64-static', '-cpu', 'Haswell', process.execPath] as const
const SCRIPT = fileURLToPath(new URL('../support/qemu-run.mjs', import.meta.url))

const folder = new DataFolder()

/** A model's outputs for samples, on this processor or as Haswell computes them. */
async function outputsOf(
  model: string,
  samples: string,
  shape: readonly number[],
  haswell: boolean,
): Promise<number[]> {
  const [program, ...before] = haswell ? QEMU : [process.execPath]
  const args = [...before, SCRIPT, model, samples, shape.join()]
  const {stdout} = await promisify(execFile)(program as string, args, {maxBuffer: 2 ** 24})
  return JSON.parse(stdout)
}

function samplesFile(name: string, values: Float32Array): string {
  return folder.write(name, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

function sqnrDb(expected: readonly number[], got: readonly number[]): number {
  const power = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0)
  return 10 * Math.log10(power(expected) / power(expected.map((value, i) => value - (got[i] as number))))
}

function labels(outputs: readonly number[]): number[] {
  return Array.from({length: outputs.length / 10}, (_, i) => {
    const row = outputs.slice(10 * i, 10 * i + 10)
    return row.indexOf(Math.max(...row))
  })
}

/** Weights and inputs all near their maximum: two products together pass 16 bits. */
const writeLoud: Write = (build) => {
  const weight = build.floats(
    randomFloats(64 * 32).map((value) => 0.9 + 0.1 * value),
    [32, 64],
  )
  build.output(build.op('Gemm', [build.input('x', ['N', 64]), weight], {transB: 1}, {outputs: ['y']}))
}

describe('quantize --cpu', () => {
  before(() => {
    const {status} = spawnSync(QEMU[0], ['--version'])
    expect(status, `${QEMU[0]} does not run: apt-get install qemu-user-static`).to.equal(0)
  })
  after(() => folder.remove())

  it('halves the range of weights where u8×s8 products saturate: sums stay right on Haswell', async () => {
    const path = folder.write('loud.onnx', encodeModel(modelOf(writeLoud)))
    const inputs = randomFloats(40 * 64, 3).map((value) => 0.9 + 0.1 * value)
    const data = folder.npz('loud.npz', {x: npyOf(inputs, [40, 64])})
    const samples = samplesFile('loud.f32', inputs)
    const run = (model: string, haswell: boolean) => outputsOf(model, samples, [40, 64], haswell)
    const float = await run(path, false)
    const decibels: Record<string, number> = {}
    for (const cpu of ['vnni', 'avx2', 'any'] as const) {
      const output = join(folder.path, `loud.${cpu}.onnx`)
      await quantize(path, quantizeOptions({mode: 'static', cpu, data, output}), SILENT)
      decibels[cpu] = sqnrDb(float, await run(output, true))
    }
    expect(decibels.vnni, 'the full range saturates').to.be.below(20)
    expect(decibels.avx2).to.be.above(35)
    expect(decibels.any).to.equal(decibels.avx2)
  })

  it('gives the same answers on Haswell as here with avx2, at no loss of accuracy', async () => {
    const path = 'fixtures/models/cnn_fm.onnx'
    const count = 50
    const ports = [{name: 'input', dtype: 'float32', shape: ['N', 1, 28, 28]}] as const
    const images = await openData(
      {path: IMAGE_DATA.eval, seed: 0, limit: count, preprocess: IMAGE_DATA.preprocess},
      ports,
    )
    const pixels = new Float32Array(count * 784)
    for await (const {inputs} of images.batches(count)) pixels.set(inputs.input?.data as Float32Array)
    const samples = samplesFile('images.f32', pixels)
    const run = (model: string, haswell: boolean) => outputsOf(model, samples, [count, 1, 28, 28], haswell)
    const float = await run(path, false)
    const right = (outputs: readonly number[]) =>
      labels(outputs).filter((label, i) => label === images.labels?.[i]).length
    const lines = [`float: ${right(float)} of ${count} right`]
    const got: Record<string, number[]> = {}
    for (const cpu of ['vnni', 'avx2'] as const) {
      const output = join(folder.path, `cnn.${cpu}.onnx`)
      await quantize(path, quantizeOptions({...IMAGE_DATA, cpu, output}), SILENT)
      for (const haswell of [false, true]) {
        const outputs = await run(output, haswell)
        got[`${cpu} ${haswell}`] = outputs
        const place = haswell ? 'on Haswell' : 'here'
        lines.push(`${cpu} ${place}: ${right(outputs)} of ${count} right, SQNR ${sqnrDb(float, outputs).toFixed(1)} dB`)
      }
    }
    console.log(lines.join('\n'))
    const [here, there] = [got['avx2 false'] as number[], got['avx2 true'] as number[]]
    expect(sqnrDb(here, there)).to.be.above(60)
    expect(labels(there)).to.deep.equal(labels(here))
    expect(sqnrDb(float, there)).to.be.above(35)
    expect(right(there)).to.be.at.least(right(float) - 1)
  })
})
