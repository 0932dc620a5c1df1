import {copyFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import type {ModelProcess} from '../../../src/runtime/time/model-starts.js'
import {modelStarts} from '../../../src/runtime/time/model-starts.js'
import {errorOf} from '../../support/data-reading.js'
import {npyOf} from '../../support/npy-writer.js'
import {startModel} from '../../support/start-model.js'
import {CPU, IMAGES, ModelFolder, normalInput} from '../model-folder.js'

const CNN = 'fixtures/models/cnn_fm.onnx'

describe('startModel', () => {
  const folder = new ModelFolder()
  const source = normalInput([1, 1, 28, 28], 'input')
  after(() => folder.remove())

  describe('a loaded model', () => {
    let model: ModelProcess
    // memory of this process must not show up in the child's figures
    const ballast = Buffer.alloc(500e6, 1)

    before(async () => {
      model = await startModel(CNN, CPU, {source: {kind: 'data', spec: IMAGES}, batch: 3})
    })
    after(() => model.close())

    it('tells its inputs and outputs', () => {
      expect(model.inputs).to.deep.equal([{name: 'input', dtype: 'float32', shape: ['N', 1, 28, 28]}])
      expect(model.outputs).to.deep.equal([{name: 'logits', dtype: 'float32', shape: ['N', 10]}])
      expect(model.loadMs).to.be.greaterThan(0)
    })

    it('records exactly as many runs as asked for, without the skipped ones', async () => {
      const {latenciesMs, cpuMs, wallMs} = await model.timeBlock({budgetMs: 1e6, maxRuns: 7, skip: 2})
      expect(latenciesMs).to.be.instanceOf(Float64Array).and.have.length(7)
      expect(Math.min(...latenciesMs)).to.be.greaterThan(0)
      expect(latenciesMs.reduce((sum, time) => sum + time)).to.be.at.most(wallMs)
      expect(cpuMs).to.be.greaterThan(0)
    })

    it('stops at the end of the budget, after one recorded run at least', async () => {
      const {latenciesMs} = await model.timeBlock({budgetMs: 0, maxRuns: 1e6, skip: 3})
      expect(latenciesMs).to.have.length(1)
    })

    it('keeps every time of a block longer than its first array', async () => {
      const {latenciesMs} = await model.timeBlock({budgetMs: 1e6, maxRuns: 5000, skip: 0})
      expect(latenciesMs).to.have.length(5000)
      expect(latenciesMs.every((time) => time > 0)).to.equal(true)
    })

    it('reports its own peak memory, not that of the process that forked it', () => {
      expect(model.peakRssBytes).to.be.within(30e6, ballast.length)
    })
  })

  it('gives named free dimensions their sizes', async () => {
    const model = await startModel(
      CNN,
      {...CPU, dims: {N: 2}},
      {source: normalInput([2, 1, 28, 28], 'input'), batch: 1},
    )
    await model.close()
    expect(model.inputs[0]?.shape).to.deep.equal([2, 1, 28, 28])
  })

  it('says that the file is missing, or a folder', async () => {
    const missing = await errorOf(startModel('no-such.onnx', CPU, {source, batch: 1}))
    expect(missing).to.include({code: 'BAD_FILE', message: 'no-such.onnx: no such file'})
    expect((await errorOf(startModel('fixtures', CPU, {source, batch: 1}))).code).to.equal('BAD_FILE')
  })

  it('gives the reason of the runtime for half a file', async () => {
    const half = join(folder.path, 'half.onnx')
    copyFileSync(CNN, half)
    truncateSync(half, 100_000)

    const error = await errorOf(startModel(half, CPU, {source, batch: 1}))

    expect(error).to.include({code: 'RUNTIME_REFUSED', exitCode: 3})
    expect(error.message).to.equal(`ONNX Runtime cannot load ${half}: Protobuf parsing failed.`)
    expect(error.cause).to.be.instanceOf(Error)
  })

  it('gives the reason of the runtime for inputs that do not fit', async () => {
    const model = await startModel(CNN, CPU, {source: normalInput([1, 1, 28, 27], 'input'), batch: 1})
    const error = await errorOf(model.timeBlock({budgetMs: 1, maxRuns: 1, skip: 0}))
    expect(error.code).to.equal('RUNTIME_REFUSED')
    expect(error.message).to.match(/cannot run .*cnn_fm\.onnx: .*index: 3 Got: 27 Expected: 28$/)
  })

  it("says that the runtime's own optimizer is to blame for a model that runs without it", async () => {
    const spoiled = (name: string, shape: readonly (string | number)[], scaled: number) =>
      folder.model(name, (build) => {
        const x = build.input('x', shape)
        const axes = {axes: [-1], keepdims: 1}
        const centred = build.op('Sub', [x, build.op('ReduceMean', [x], axes)])
        const squares = build.op('ReduceMean', [build.op('Pow', [centred, build.floats([2], [])])], axes)
        const deviation = build.op('Sqrt', [build.op('Add', [squares, build.floats([1e-5], [])])])
        const scale = build.floats(new Array(scaled).fill(2))
        const normal = build.op('Mul', [scale, build.op('Div', [centred, deviation])])
        build.output(build.op('Add', [scale, normal]))
      })
    const loading = startModel(spoiled('rank1.onnx', [8], 8), CPU, {source: normalInput([8]), batch: 1})
    expect((await errorOf(loading)).hint).to.match(/own graph optimizer .* it loads/)
    const model = await startModel(spoiled('wide.onnx', ['N', 1], 2), CPU, {source: normalInput([1, 1]), batch: 1})
    const running = model.timeBlock({budgetMs: 1, maxRuns: 1, skip: 0})
    expect((await errorOf(running)).hint).to.match(/own graph optimizer .* it runs/)
  })

  it('passes on what is wrong with the data', async () => {
    const spec = {path: folder.rows('narrow.npy', [2, 1, 28, 27], new Float32Array(2 * 28 * 27)), seed: 0}
    const error = await errorOf(startModel(CNN, CPU, {source: {kind: 'data', spec}, batch: 1}))
    expect(error).to.include({code: 'BAD_DATA', exitCode: 2, name: 'DataError'})
  })
})

describe('modelStarts', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('reads the samples in the first process, and feeds the same to the next', async () => {
    const path = join(folder.path, 'images.npy')
    const values = Float32Array.from({length: 1568}, (_, i) => Math.sin(i))
    writeFileSync(path, npyOf(values, [2, 1, 28, 28]))
    const starts = modelStarts(CNN, CPU, {source: {kind: 'data', spec: {path, seed: 0}}, batch: 1})
    await (await (await starts.begin()).load()).close()
    rmSync(path)
    const again = await (await starts.begin()).load()
    const {latenciesMs} = await again.timeBlock({budgetMs: 0, maxRuns: 1, skip: 0})
    await again.close()
    expect(latenciesMs).to.have.length(1)
  })
})
