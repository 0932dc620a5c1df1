import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {type MoptError, UsageError} from '../../src/errors.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {TemporaryFile} from '../../src/io/temporary-file.js'
import {stageModel, type WriteOptions, writeModel} from '../../src/io/write-model.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel, type Model} from '../../src/ir/model.js'
import {derivedTensor, float32, tensorOf} from '../../src/ir/tensor.js'
import {DataFolder} from '../support/data-folder.js'
import {readForeign} from '../support/foreign-model.js'

const IN_FILE: WriteOptions = {force: false, externalData: 'auto'}

const BESIDE: WriteOptions = {force: false, externalData: 'always'}

const MEGABYTE_OF_FLOATS = 262_144

/** x + w for a big w, and a small bias that stays in the model. */
function bigModel(read = () => new Float32Array(MEGABYTE_OF_FLOATS).fill(0.5)): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const x = build.input('x', [MEGABYTE_OF_FLOATS])
  const weight = build.constant(derivedTensor('float32', [MEGABYTE_OF_FLOATS], read), 'w')
  build.output(build.op('Add', [build.op('Add', [x, weight]), build.floats([1], [1], 'b')]))
  return emptyModel(graph)
}

async function failureOf(run: () => Promise<unknown>): Promise<MoptError> {
  try {
    await run()
  } catch (error) {
    return error as MoptError
  }
  throw new Error('it did not fail')
}

describe('writeModel', () => {
  let folder: DataFolder
  const at = (name: string): string => join(folder.path, name)
  beforeEach(() => {
    folder = new DataFolder()
  })
  afterEach(() => folder.remove())

  it('writes what another reader reads', async () => {
    const {sizeBytes, files} = await writeModel(bigModel(), at('out.onnx'), IN_FILE)
    const bytes = readFileSync(at('out.onnx'))
    const [w, b] = readForeign(bytes).graph?.initializer ?? []
    expect(w?.rawData).to.have.length(4 * MEGABYTE_OF_FLOATS)
    expect(w?.rawData.subarray(0, 4)).to.deep.equal(new Uint8Array(Float32Array.of(0.5).buffer))
    expect(b?.name).to.equal('b')
    expect({sizeBytes, files}).to.deep.equal({sizeBytes: bytes.length, files: [at('out.onnx')]})
    expect(readdirSync(folder.path)).to.deep.equal(['out.onnx'])
  })

  it('gives the same bytes for the same model, those of encodeModel', async () => {
    for (const name of ['a.onnx', 'b.onnx']) await writeModel(bigModel(), at(name), IN_FILE)
    expect(readFileSync(at('a.onnx')).equals(readFileSync(at('b.onnx')))).to.equal(true)
    expect(readFileSync(at('a.onnx')).equals(encodeModel(bigModel()))).to.equal(true)
  })

  it('puts big tensors on a page of the data file, small ones into the model', async () => {
    const model = bigModel()
    new GraphBuilder(model.graph).constant(float32(new Float32Array(300)), 'middle')
    const {sizeBytes, files} = await writeModel(model, at('out.onnx'), BESIDE)

    expect(files).to.deep.equal([at('out.onnx'), at('out.onnx.data')])
    expect(sizeBytes).to.equal(readFileSync(at('out.onnx')).length + readFileSync(at('out.onnx.data')).length)
    const places = readForeign(readFileSync(at('out.onnx'))).graph?.initializer.map(({name, externalData}) => {
      return [name, externalData.map(({key, value}) => `${key}=${value}`).join(' ')]
    })
    expect(places).to.deep.equal([
      ['w', 'location=out.onnx.data offset=0 length=1048576'],
      ['b', ''],
      ['middle', 'location=out.onnx.data offset=1048576 length=1200'],
    ])
    const {model: back, close} = await openModel(at('out.onnx'))
    expect(encodeModel(back)).to.deep.equal(encodeModel(model))
    close()
  })

  it('never reads a tensor before it is written', async () => {
    const order: string[] = []
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const x = build.input('x', [2000])
    const tensor = (name: string) =>
      derivedTensor('float32', [2000], () => {
        order.push(name)
        return new Float32Array(2000)
      })
    build.output(build.op('Sum', [x, build.constant(tensor('a'), 'a'), build.constant(tensor('b'), 'b')]))
    await writeModel(emptyModel(graph), at('out.onnx'), IN_FILE)
    expect(order).to.deep.equal(['a', 'b'])
  })

  it('writes strings, and constants that a pass has changed', async () => {
    const {model, close} = await openModel('fixtures/models/mobile_fm_bn.onnx')
    const [first] = model.graph.constants()
    if (!first?.constant) throw new Error('the fixture has no weights')
    const doubled = Float32Array.from(first.constant.read() as Float32Array, (value) => 2 * value)
    model.graph.setConstant(first, {...first.constant, read: () => doubled})
    model.graph.constant(tensorOf('string', [2], ['Zoë', '']), 'words')

    await writeModel(model, at('out.onnx'), IN_FILE)
    close()
    const initializers = new Map(
      readForeign(readFileSync(at('out.onnx'))).graph?.initializer.map((one) => [one.name, one]),
    )
    const bytes = initializers.get(first.name)?.rawData ?? new Uint8Array(0)
    expect(new Float32Array(Uint8Array.from(bytes).buffer)).to.deep.equal(doubled)
    expect(initializers.get('words')?.stringData.map((text) => Buffer.from(text).toString())).to.deep.equal(['Zoë', ''])
  })

  it('leaves nothing behind when a tensor cannot be read, and what was there as it was', async () => {
    writeFileSync(at('out.onnx'), 'precious')
    const broken = bigModel(() => {
      throw new Error('no')
    })
    for (const options of [IN_FILE, BESIDE]) {
      const error = await failureOf(() => writeModel(broken, at('out.onnx'), {...options, force: true}))
      expect(error.message).to.equal('no')
    }
    expect(readdirSync(folder.path)).to.deep.equal(['out.onnx'])
    expect(readFileSync(at('out.onnx'), 'utf8')).to.equal('precious')
  })

  it('leaves nothing behind when the signal is aborted or the process ends', async () => {
    const controller = new AbortController()
    const slow = bigModel(() => {
      controller.abort()
      return new Float32Array(MEGABYTE_OF_FLOATS)
    })
    const build = new GraphBuilder(slow.graph)
    for (let index = 0; index < 40; index++)
      build.constant(derivedTensor('uint8', [2 ** 20], () => new Uint8Array(2 ** 20)))
    const error = await failureOf(() => writeModel(slow, at('out.onnx'), {...IN_FILE, signal: controller.signal}))
    expect(error.exitCode).to.equal(130)

    const source = (name: string) => new URL(`../../src/io/${name}.ts`, import.meta.url).href
    const script = `const {TemporaryFolder} = await import('${source('temporary-folder')}')
      const {TemporaryFile} = await import('${source('temporary-file')}')
      new TemporaryFile(process.argv[1], new TemporaryFolder(process.argv[1]).path); process.exit(3)`
    const args = ['--import', 'tsx', '--input-type=module', '-e', script, at('out.onnx')]
    expect(spawnSync(process.execPath, args).status).to.equal(3)
    expect(readdirSync(folder.path)).to.deep.equal([])
  })

  it('refuses an existing file without force, and replaces it with', async () => {
    for (const options of [IN_FILE, BESIDE]) {
      await writeModel(bigModel(), at('out.onnx'), {...options, force: true})
      const error = await failureOf(() => writeModel(bigModel(), at('out.onnx'), options))
      expect(error.exitCode).to.equal(2)
      expect(error.message).to.include('exists already')
    }
    writeFileSync(at('other.onnx.data'), 'in the way')
    const error = await failureOf(() => writeModel(bigModel(), at('other.onnx'), BESIDE))
    expect(error.message).to.include('other.onnx.data: exists already')
    expect(existsSync(at('other.onnx'))).to.equal(false)
  })

  it('takes away the data file of the model it replaces, and no other', async () => {
    await writeModel(bigModel(), at('out.onnx'), BESIDE)
    await writeModel(bigModel(), at('out.onnx'), {...IN_FILE, force: true})
    expect(readdirSync(folder.path)).to.deep.equal(['out.onnx'])

    writeFileSync(at('out.onnx.data'), 'of somebody else')
    await writeModel(bigModel(), at('out.onnx'), {...IN_FILE, force: true})
    expect(readdirSync(folder.path)).to.deep.equal(['out.onnx', 'out.onnx.data'])
  })

  it('keeps the data of the model it replaces when the input reads them too', async () => {
    await writeModel(bigModel(), at('out.onnx'), BESIDE)
    const inputs = [at('in.onnx'), at('out.onnx.data')]
    writeFileSync(at('in.onnx'), readFileSync(at('out.onnx')))
    await writeModel(bigModel(), at('out.onnx'), {...IN_FILE, force: true, inputs})
    expect(readdirSync(folder.path)).to.deep.equal(['in.onnx', 'out.onnx', 'out.onnx.data'])
  })

  it('never leaves a model beside data that are not its own, when the process ends between the two', async () => {
    await writeModel(bigModel(), at('out.onnx'), BESIDE)
    const old = readFileSync(at('out.onnx.data'))
    const original = TemporaryFile.prototype.publish
    TemporaryFile.prototype.publish = function publish(this: TemporaryFile) {
      if (this.path.endsWith('.onnx')) throw new Error('the power went')
      original.call(this)
    }
    try {
      const other = bigModel(() => new Float32Array(MEGABYTE_OF_FLOATS).fill(7))
      const error = await failureOf(() => writeModel(other, at('out.onnx'), {...BESIDE, force: true}))
      expect(error.message).to.equal('the power went')
    } finally {
      TemporaryFile.prototype.publish = original
    }
    expect(readFileSync(at('out.onnx.data')).equals(old)).to.equal(false)
    expect(existsSync(at('out.onnx'))).to.equal(false)
  })

  it('says that 2 GiB do not fit into one file when a data file is forbidden', async () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const huge = derivedTensor('uint8', [2 ** 31], () => new Uint8Array(0))
    build.output(build.op('Identity', [build.constant(huge, 'w')]))
    const error = await failureOf(() =>
      writeModel(emptyModel(graph), at('out.onnx'), {...IN_FILE, externalData: 'never'}),
    )
    expect(error).to.be.instanceOf(UsageError)
    expect(error.message).to.include('2 GiB')
  })
})

describe('stageModel', () => {
  it('lets a model with data beside it be loaded before it has its name, and leaves nothing when it is given up', async () => {
    const folder = new DataFolder()
    const path = join(folder.path, 'out.onnx')
    const staged = await stageModel(bigModel(), path, {force: false, externalData: 'always'})
    expect(existsSync(path)).to.equal(false)
    const {graph} = (await openModel(staged.temporaryPath)).model
    expect(graph.constants()[0]?.constant?.read()).to.have.length(MEGABYTE_OF_FLOATS)
    staged.discard()
    expect(readdirSync(folder.path)).to.deep.equal([])
    folder.remove()
  })

  it('does not replace what came while it was tried', async () => {
    const folder = new DataFolder()
    const path = join(folder.path, 'out.onnx')
    const staged = await stageModel(bigModel(), path, {force: false, externalData: 'auto'})
    folder.write('out.onnx', 'theirs')
    expect(() => staged.publish()).to.throw(/exists already/)
    staged.discard()
    expect(readFileSync(path, 'utf8')).to.equal('theirs')
    folder.remove()
  })
})
