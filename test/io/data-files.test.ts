import {lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {ModelError, type MoptError} from '../../src/errors.js'
import {openModel} from '../../src/io/open-model.js'
import {simplify} from '../../src/pipelines/simplify/simplify.js'
import {DataFolder} from '../support/data-folder.js'
import {addGraph, FLOAT, foreignModel} from '../support/foreign-model.js'
import {SILENT, simplifyOptions} from '../support/pipeline-options.js'

/** x + w, where w stands in another file at the given place. */
function externalModel(place: Record<string, string>): Uint8Array {
  const externalData = Object.entries(place).map(([key, value]) => ({key, value}))
  return foreignModel(addGraph({dims: [2n], dataType: FLOAT, dataLocation: 1, externalData}))
}

describe('external data', () => {
  const folder = new DataFolder()
  const model = (place: Record<string, string>): string => folder.write('model.onnx', externalModel(place))

  before(() => {
    folder.write('weights.bin', new Uint8Array(Float32Array.of(9, 1.5, -2).buffer))
    mkdirSync(join(folder.path, 'sub'))
    folder.write('sub/more.bin', new Uint8Array(Float32Array.of(3, 4).buffer))
    symlinkSync('/etc/passwd', join(folder.path, 'link.bin'))
    symlinkSync('/etc', join(folder.path, 'etc'))
    symlinkSync('weights.bin', join(folder.path, 'inside.bin'))
  })
  after(() => folder.remove())

  it('is read at its offset, when asked for', async () => {
    const {
      model: read,
      sizeBytes,
      files,
      close,
    } = await openModel(model({location: 'weights.bin', offset: '4', length: '8'}))
    expect(read.graph.constants()[0]?.constant?.read()).to.deep.equal(Float32Array.of(1.5, -2))
    expect(files.map((file) => file.split('/').at(-1))).to.deep.equal(['model.onnx', 'weights.bin'])
    expect(sizeBytes).to.equal(readFileSync(files[0] ?? '').length + 12)
    close()
  })

  it('needs no offset and no length, may lie in a subfolder and behind a link that stays inside', async () => {
    for (const place of [
      {location: 'sub/more.bin'},
      {location: './sub/more.bin'},
      {location: 'sub/../sub/more.bin'},
      {location: 'inside.bin', length: '8'},
    ]) {
      const {model: read, close} = await openModel(model(place))
      expect(read.graph.constants()[0]?.constant?.read()).to.have.length(2)
      close()
    }
  })

  const refused: Record<string, {place: Record<string, string>; says: RegExp}> = {
    'above the folder': {
      place: {location: '../../etc/passwd'},
      says: /in the model's folder, got '\.\.\/\.\.\/etc\/passwd'/,
    },
    'above the folder, Windows style': {place: {location: '..\\secret'}, says: /in the model's folder/},
    'at an absolute path': {place: {location: '/etc/passwd'}, says: /in the model's folder/},
    'at an absolute path, Windows style': {place: {location: 'C:\\secret'}, says: /in the model's folder/},
    'behind a link that leaves the folder': {place: {location: 'link.bin'}, says: /a link that leaves it/},
    'on a way that leads out and in again': {
      place: {location: 'sub/../../model/weights.bin'},
      says: /in the model's folder, got/,
    },
    'in a linked folder outside': {place: {location: 'etc/passwd'}, says: /a link that leaves it/},
    nowhere: {place: {}, says: /in the model's folder, got ''/},
    'at an offset behind the end': {place: {location: 'weights.bin', offset: '8'}, says: /has only 12/},
    'longer than the file': {place: {location: 'weights.bin', length: '4096'}, says: /has only 12/},
    'at a negative offset': {place: {location: 'weights.bin', offset: '-4'}, says: /whole number, got '-4'/},
    'of another length than the tensor': {place: {location: 'weights.bin', length: '4'}, says: /needs 8 bytes, got 4/},
  }
  for (const [what, {place, says}] of Object.entries(refused)) {
    it(`is refused ${what}`, async () => {
      const error = await failureOf(model(place))
      expect(error).to.be.instanceOf(ModelError)
      expect(error.message).to.match(says).and.to.include("tensor 'w'")
    })
  }

  it('is found where model and data are links into one store, and may not leave that either', async () => {
    for (const part of ['store', 'snapshot/onnx', 'elsewhere']) mkdirSync(join(folder.path, part), {recursive: true})
    const link = (target: string, name: string) => symlinkSync(target, join(folder.path, 'snapshot/onnx', name))
    folder.write('store/1f', externalModel({location: 'model.onnx_data'}))
    folder.write('store/2e', new Uint8Array(Float32Array.of(5, 6).buffer))
    folder.write('elsewhere/2e', new Uint8Array(Float32Array.of(7, 8).buffer))
    link('../../store/1f', 'model.onnx')
    link('../../store/2e', 'model.onnx_data')
    const path = join(folder.path, 'snapshot/onnx/model.onnx')
    const written = join(folder.path, 'snapshot/onnx/model.simplified.onnx')

    const result = await simplify(path, simplifyOptions({externalData: 'always'}), SILENT)
    expect(result.fidelity?.maxAbs).to.equal(0)
    expect(result.output.path).to.equal(written)
    expect(lstatSync(written).isSymbolicLink()).to.equal(false)
    expect(readdirSync(join(folder.path, 'store'))).to.deep.equal(['1f', '2e'])

    rmSync(join(folder.path, 'snapshot/onnx/model.onnx_data'))
    link('../../elsewhere/2e', 'model.onnx_data')
    expect((await failureOf(path)).message).to.match(/a link that leaves it/)
  }).timeout(20_000)

  it('is found beside the file that a link leads to, and ONNX Runtime finds it too', async () => {
    mkdirSync(join(folder.path, 'far'))
    folder.write('far/model.onnx', externalModel({location: 'own.bin', offset: '0', length: '8'}))
    folder.write('far/own.bin', new Uint8Array(Float32Array.of(5, 6).buffer))
    symlinkSync('far/model.onnx', join(folder.path, 'near.onnx'))
    const result = await simplify(join(folder.path, 'near.onnx'), simplifyOptions({}), SILENT)
    expect(result.fidelity?.maxAbs).to.equal(0)
  }).timeout(20_000)

  it('says so when its file is missing or a folder', async () => {
    for (const location of ['none.bin', 'sub']) {
      const error = await failureOf(model({location}))
      expect(error.code).to.equal('BAD_FILE')
      expect(error.message).to.include(location)
    }
  })
})

async function failureOf(path: string): Promise<MoptError> {
  try {
    const {close} = await openModel(path)
    close()
  } catch (error) {
    return error as MoptError
  }
  throw new Error(`${path} was opened`)
}
