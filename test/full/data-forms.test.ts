import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import sharp from 'sharp'
import {openData} from '../../src/data/open-data.js'
import {writeModel} from '../../src/io/write-model.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import {benchResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {npyOf} from '../support/npy-writer.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
const IDX = 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz'
const PIXELS = ['--mean', '0.286', '--std', '0.353']
const SHORT = ['--runs', '1', '--warmup', '1', '--json']
const SAMPLES = 200

describe('data in every form', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  let classes: string
  let flat: string
  /** On the IDX file. */
  let accuracy: number | null | undefined

  before(async () => {
    classes = join(folder.path, 'classes')
    flat = join(folder.path, 'flat')
    mkdirSync(flat)
    const port = {name: 'input', dtype: 'uint8', shape: ['N', 1, 28, 28]} as const
    const dataset = await openData({path: IDX, seed: 0, limit: SAMPLES}, [port])
    const lines = [['label', ...Array.from({length: 784}, (_, i) => `pixel${i}`)].join()]
    let index = 0
    for await (const {inputs} of dataset.batches(1)) {
      const pixels = Buffer.from(inputs.input?.data as Uint8Array)
      const label = String(dataset.labels?.[index])
      const image = sharp(pixels, {raw: {width: 28, height: 28, channels: 1}}).toColourspace('b-w')
      mkdirSync(join(classes, label), {recursive: true})
      await image
        .clone()
        .png()
        .toFile(join(classes, label, `${index}.png`))
      if (index < 20)
        await image
          .clone()
          .webp({lossless: true})
          .toFile(join(flat, `${index}.webp`))
      lines.push([label, ...pixels].join())
      index++
    }
    writeFileSync(join(folder.path, 'pixels.csv'), lines.join('\n'))
  })

  async function top1(...data: string[]): Promise<number | null | undefined> {
    const {code, stdout, stderr} = await runMopt(['bench', MLP, '--data', ...data, ...PIXELS, ...SHORT])
    expect(code, stderr).to.equal(0)
    return benchResult.parse(JSON.parse(stdout)).results[0]?.metrics.top1
  }

  it('gives exactly the same accuracy for an IDX file, a folder of class folders and a csv', async () => {
    accuracy = await top1(IDX, '--limit', `${SAMPLES}`)
    expect(accuracy).to.be.greaterThan(0.8)
    expect(await top1(classes)).to.equal(accuracy)
    expect(await top1(join(folder.path, 'pixels.csv'), '--scale', '1/255')).to.equal(accuracy)
  })

  it('calibrates on a plain folder, and judges on class folders', async () => {
    const output = join(folder.path, 'mlp.onnx')
    const data = ['--mode', 'static', '--data', flat, '--eval', classes, '--eval-limit', '50', ...PIXELS]
    const {code, stdout, stderr} = await runMopt(['quantize', MLP, '-o', output, ...data, '--no-time', '--json'])
    expect(code, stderr).to.equal(0)
    expect(JSON.parse(stdout).metric).to.deep.include({name: 'top1', samples: 50})
  })

  it('refuses to judge on images without labels, before anything is written', async () => {
    const outcome = await runMopt([
      'quantize',
      MLP,
      '-o',
      join(folder.path, 'no.onnx'),
      '--data',
      flat,
      '--eval',
      flat,
      ...PIXELS,
    ])
    expect(outcome.code).to.equal(2)
    expect(errorLine(outcome)).to.contain('got images without labels')
  })

  it('prepares images by a preprocessor_config.json, which flags may not contradict', async () => {
    const size = {height: 28, width: 28}
    const config = {
      image_processor_type: 'ViTImageProcessor',
      size,
      image_mean: [0.286],
      image_std: [0.353],
      resample: 2,
    }
    const file = folder.write('preprocessor_config.json', JSON.stringify(config))
    const run = (...more: string[]) =>
      runMopt(['bench', MLP, '--data', classes, '--preprocess', file, ...more, ...SHORT])
    const {code, stdout, stderr} = await run()
    expect(code, stderr).to.equal(0)
    expect(benchResult.parse(JSON.parse(stdout)).results[0]?.metrics.top1).to.equal(accuracy)
    const both = await run('--mean', '0.5')
    expect(both.code).to.equal(2)
    expect(both.stdout).to.contain('--mean: expected it in')
  })

  it('feeds scalars and states, with data and without', async () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const [x, rate, state] = [
      build.input('x', ['N', 2]),
      build.input('rate', [], 'int64'),
      build.input('h', [2, 'N', 2]),
    ]
    const scaled = build.op('Mul', [x, build.op('Cast', [rate], {to: 1})])
    build.output(build.op('Add', [scaled, build.op('ReduceSum', [state, build.ints([0])], {keepdims: 0})]))
    const path = join(folder.path, 'stateful.onnx')
    await writeModel(emptyModel(graph), path, {force: true, externalData: 'auto'})
    const samples = folder.write(
      'x.npy',
      npyOf(
        Float32Array.from({length: 20}, (_, i) => i),
        [10, 2],
      ),
    )
    const bench = (...more: string[]) =>
      runMopt(['bench', path, '--feed', 'rate=16000', ...more, '--batch', '3', ...SHORT])
    for (const data of [[], ['--data', samples]]) {
      const {code, stdout} = await bench('--feed', 'h=zeros', ...data)
      expect(code, stdout).to.equal(0)
      expect(benchResult.parse(JSON.parse(stdout)).results[0]?.status).to.equal('ok')
    }
    const unknown = await bench('--feed', 'sr=1')
    expect(unknown.code).to.equal(2)
    expect(unknown.stdout).to.contain('--feed sr: the model has no such input')
  })
})
