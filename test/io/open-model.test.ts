import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {type MoptError, UnsupportedError} from '../../src/errors.js'
import {type OpenedModel, openModel} from '../../src/io/open-model.js'
import {DataFolder} from '../support/data-folder.js'
import {addGraph, FLOAT, type ForeignGraph, foreignModel, port} from '../support/foreign-model.js'

const CNN = 'fixtures/models/cnn_fm.onnx'
const WEIGHT = {dims: [2n], dataType: FLOAT, floatData: [1, 2]}

describe('openModel', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('opens a real model and says how large it is', async () => {
    const {model, sizeBytes, files, close} = await openModel(CNN)
    close()
    expect(sizeBytes).to.equal(readFileSync(CNN).length)
    expect(files).to.deep.equal([CNN])
    expect(model.opsets.get('')).to.equal(13)
    expect(model.graph.inputs.map(({name, type}) => ({name, type}))).to.deep.equal([
      {name: 'input', type: {kind: 'tensor', dtype: 'float32', shape: ['N', 1, 28, 28]}},
    ])
  })

  const whole = readFileSync(CNN)
  const badFiles: Record<string, {bytes: Uint8Array; says: RegExp}> = {
    'an empty file': {bytes: new Uint8Array(0), says: /the file is empty/},
    'a PNG': {
      bytes: Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x1c\0\0\0\x1c\b', 'latin1'),
      says: /got a PNG image/,
    },
    'a zip archive': {bytes: Buffer.from('PK\x03\x04 and so on'), says: /got a zip archive/},
    'a web page': {bytes: Buffer.from('<!doctype html><title>Not found</title>'), says: /got a web page/},
    'a text': {bytes: Buffer.from('hello, this is no model at all'), says: /got something else/},
    'the first half of a real model': {bytes: whole.subarray(0, whole.length / 2), says: /cut short or damaged/},
    'a model without its last byte': {bytes: whole.subarray(0, whole.length - 1), says: /cut short or damaged/},
    'a model without a graph': {bytes: Uint8Array.of(8, 8, 0x42, 2, 0x10, 17), says: /holds no graph/},
  }
  for (const [what, {bytes, says}] of Object.entries(badFiles)) {
    it(`refuses ${what}`, async () => {
      const error = await failureOf(folder.write('bad.onnx', bytes))
      expect(error.exitCode).to.equal(2)
      expect(error.message).to.match(says).and.to.include('bad.onnx').and.not.include('\n')
      expect(error.hint).to.be.a('string')
    })
  }

  it('refuses a missing file and a folder', async () => {
    for (const path of [`${folder.path}/none.onnx`, folder.path]) {
      const error = await failureOf(path)
      expect(error.code).to.equal('BAD_FILE')
      expect(error.message).to.include(path)
    }
  })

  const badTensors: Record<string, {tensor: NonNullable<ForeignGraph['initializer']>[number]; says: string}> = {
    'claims 2^40 elements': {
      tensor: {...WEIGHT, dims: [2n ** 40n], floatData: [], rawData: new Uint8Array(8)},
      says: 'float32 [1099511627776] needs 4398046511104 bytes, got 8',
    },
    'claims 2^40 small integers': {
      tensor: {dims: [2n ** 40n], dataType: 3, int32Data: [1, 2]},
      says: 'needs 1099511627776 numbers, got at most 2',
    },
    'has a negative dimension': {tensor: {...WEIGHT, dims: [-2n]}, says: 'no negative dimension'},
    'has too few elements': {tensor: {...WEIGHT, floatData: [1]}, says: 'needs 8 bytes, got 4'},
    'has no type': {tensor: {...WEIGHT, dataType: 0}, says: 'expected an element type'},
    'has too few strings': {tensor: {dims: [2n], dataType: 8, stringData: []}, says: 'needs 2 strings, got 0'},
  }
  for (const [what, {tensor, says}] of Object.entries(badTensors)) {
    it(`refuses a tensor that ${what}`, async () => {
      const error = await failureOf(folder.write('tensor.onnx', foreignModel(addGraph(tensor))))
      expect(error.exitCode).to.equal(2)
      expect(error.message).to.include("tensor 'w'").and.to.include(says)
    })
  }

  const relu = (input: string, output: string) => ({opType: 'Relu', name: output, input: [input], output: [output]})
  const badGraphs: Record<string, {node: ForeignGraph['node'] & {}; says: string}> = {
    'a cycle': {node: [relu('b', 'a'), relu('a', 'b')], says: "the graph is cyclic: Relu 'b' -> Relu 'a' -> Relu 'b'"},
    'an input nobody produces': {node: [relu('a', 'b')], says: "Relu 'b': expected its input 'a' to be produced"},
    'an output nobody produces': {node: [relu('x', 'a')], says: "graph output 'b' is produced by no node"},
    'a name given twice': {node: [relu('x', 'b'), relu('x', 'b')], says: "'b' is given to two values"},
  }
  for (const [what, {node, says}] of Object.entries(badGraphs)) {
    it(`refuses ${what}`, async () => {
      const bytes = foreignModel({input: [port('x', 2)], output: [port('b', 2)], node})
      const error = await failureOf(folder.write('graph.onnx', bytes))
      expect(error.exitCode).to.equal(2)
      expect(error.message).to.include(says)
    })
  }

  it('refuses versions newer than it knows with exit code 3, and names the range', async () => {
    const graph = addGraph(WEIGHT)
    const tooNew = [
      {model: {irVersion: 14n}, says: 'IR version 14 is not supported: mopt reads 1 to 13'},
      {model: {opsetImport: [{version: 27n}]}, says: 'opset 27 is not supported: mopt reads ai.onnx 1 to 26'},
    ]
    for (const {model, says} of tooNew) {
      const error = await failureOf(folder.write('new.onnx', foreignModel(graph, model)))
      expect(error).to.be.instanceOf(UnsupportedError)
      expect(error.message).to.include(says)
    }
    const known = folder.write('known.onnx', foreignModel(graph, {irVersion: 13n, opsetImport: [{version: 26n}]}))
    expect((await opened(known)).model.irVersion).to.equal(13)
  })

  it('reads a file over the size that is read whole as it reads a small one', async () => {
    const values = Float32Array.from({length: 3_000_000}, (_, index) => index % 1000)
    const rawData = new Uint8Array(values.buffer)
    const weight = {dims: [BigInt(values.length)], dataType: FLOAT, rawData}
    const {model, close} = await opened(folder.write('large.onnx', foreignModel(addGraph(weight, values.length))))
    const [constant] = model.graph.constants()
    expect(constant?.constant?.read()).to.deep.equal(values)
    expect(model.graph.nodes().map(({opType}) => opType)).to.deep.equal(['Add'])
    close()
  })
})

async function opened(path: string): Promise<OpenedModel> {
  const model = await openModel(path)
  model.close()
  return model
}

async function failureOf(path: string): Promise<MoptError> {
  try {
    await opened(path)
  } catch (error) {
    return error as MoptError
  }
  throw new Error(`${path} was opened`)
}
