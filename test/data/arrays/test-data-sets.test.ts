import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import onnxProto from 'onnx-proto'
import type {InputPort} from '../../../src/data/dataset.js'
import {openData} from '../../../src/data/open-data.js'
import {DataError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readBatches, readValues} from '../../support/data-reading.js'

const {TensorProto} = onnxProto.onnx
const {DataType} = TensorProto
const folder = new DataFolder()
let count = 0

/** Written by another implementation of ONNX's format. */
function tensor(name: string, dims: readonly number[], fields: object): Uint8Array {
  return TensorProto.encode(TensorProto.create({name, dims: [...dims], ...fields})).finish()
}
const floats = (name: string, dims: readonly number[], values: readonly number[]) =>
  tensor(name, dims, {dataType: DataType.FLOAT, floatData: [...values]})
const int64s = (name: string, dims: readonly number[], values: readonly number[]) =>
  tensor(name, dims, {dataType: DataType.INT64, int64Data: [...values]})

function setsOf(...sets: readonly (readonly Uint8Array[])[]): string {
  const path = join(folder.path, `sets${count++}`)
  for (const [index, files] of sets.entries()) {
    const set = join(path, `test_data_set_${index}`)
    mkdirSync(set, {recursive: true})
    for (const [input, bytes] of files.entries()) writeFileSync(join(set, `input_${input}.pb`), bytes)
    writeFileSync(join(set, 'output_0.pb'), 'never read')
  }
  return path
}

const x = port('x', 'float32', ['N', 2])
const mask = port('mask', 'bool', ['N', 2])
const open = (path: string, inputs: readonly InputPort[]) => openData({path, seed: 0}, inputs)

describe('a folder of test data sets', () => {
  after(() => folder.remove())

  it('feeds the rows of all sets, in the order of their numbers', async () => {
    const sets = Array.from({length: 11}, (_, i) => [floats('', [1, 2], [i, i + 0.5])])
    const dataset = await open(setsOf(...sets), [x])
    expect(dataset.sampleCount).to.equal(11)
    expect(dataset.labels).to.equal(undefined)
    expect((await readValues(dataset, 'x')).filter((_, i) => i % 2 === 0)).to.deep.equal([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })

  it('matches inputs by the names of the tensors, else by their order', async () => {
    const bools = tensor('mask', [2, 2], {dataType: DataType.BOOL, int32Data: [1, 0, 0, 1]})
    const named = await open(setsOf([bools, floats('x', [2, 2], [1, 2, 3, 4])]), [x, mask])
    expect(await readValues(named, 'x')).to.deep.equal([1, 2, 3, 4])
    expect(await readValues(named, 'mask')).to.deep.equal([1, 0, 0, 1])
    const ordered = await open(setsOf([floats('a', [2, 2], [1, 2, 3, 4]), bools]), [x, mask])
    expect(await readValues(ordered, 'mask')).to.deep.equal([1, 0, 0, 1])
  })

  it('reads one set by its own folder, and raw data of every width', async () => {
    const raw = (dataType: number, data: ArrayBufferView, dims = [1, 2]) =>
      tensor('', dims, {dataType, rawData: new Uint8Array(data.buffer)})
    const half = raw(DataType.FLOAT16, Uint16Array.of(0x3c00, 0xc000))
    expect(await readValues(await open(join(setsOf([half]), 'test_data_set_0'), [x]), 'x')).to.deep.equal([1, -2])
    const bytes = raw(DataType.INT8, Int8Array.of(-1, 5))
    expect(await readValues(await open(setsOf([bytes]), [x]), 'x')).to.deep.equal([-1, 5])
    const unsigned = tensor('', [1, 2], {dataType: DataType.UINT32, uint64Data: [7, 4_294_967_295]})
    expect(await readValues(await open(setsOf([unsigned]), [x]), 'x')).to.deep.equal([7, 4_294_967_296])
  })

  it('holds scalars and states still, if they are the same in every set', async () => {
    const inputs = [x, port('sr', 'int64', []), port('h', 'float32', [2, 'N', 1])]
    const set = (sr: number) => [floats('', [1, 2], [1, 2]), int64s('', [], [sr]), floats('', [2, 1, 1], [5, 6])]
    const [batch] = await readBatches(await open(setsOf(set(16), set(16)), inputs), 2)
    expect(batch?.inputs.sr).to.deep.equal({dtype: 'int64', shape: [], data: BigInt64Array.of(16n)})
    // the state of one row is repeated for two
    expect(batch?.inputs.h).to.deep.equal({dtype: 'float32', shape: [2, 2, 1], data: Float32Array.of(5, 5, 6, 6)})
    const error = await errorOf(open(setsOf(set(16), set(8)), inputs))
    expect(error.message).to.contain("because 'sr' has no axis of samples")
    expect(error.hint).to.contain('one test_data_set folder at a time')
  })

  it("reads ONNX's own test data as another reader does", async () => {
    const folder = 'fixtures/onnx-testdata/test_relu'
    const {rawData} = TensorProto.decode(readFileSync(`${folder}/test_data_set_0/input_0.pb`))
    const expected = new Float32Array(Uint8Array.from(rawData).buffer)
    const dataset = await open(folder, [port('x', 'float32', [3, 4, 5])])
    expect(dataset.sampleCount).to.equal(3)
    expect(await readValues(dataset, 'x')).to.deep.equal([...expected])
  })

  const faults: [string, () => Uint8Array[], RegExp][] = [
    ['text', () => [Buffer.from('hello, world')], /input_0\.pb: expected an ONNX TensorProto/],
    ['a model', () => [readFileSync('fixtures/models/mlp_fm.onnx')], /input_0\.pb: expected/],
    ['half a tensor', () => [floats('', [1, 2], [1, 2]).slice(0, 9)], /input_0\.pb: expected/],
    ['fewer numbers than claimed', () => [floats('', [2, 2], [1])], /expected 16 bytes for \[2, 2\] float32, got 4$/],
    ['a huge claim', () => [int64s('', [2 ** 40], [1])], /expected .* got fewer$/],
    [
      'strings',
      () => [tensor('', [1], {dataType: DataType.STRING, stringData: [Buffer.from('a')]})],
      /expected numbers that can be fed, got string$/,
    ],
    [
      'data elsewhere',
      () => [tensor('', [1, 2], {dataType: DataType.FLOAT, dataLocation: 1})],
      /expected the data in the file/,
    ],
    ['no elements', () => [floats('', [0, 2], [])], /got the empty shape \[0, 2\]$/],
    [
      'more inputs than the model has',
      () => [floats('', [1, 2], [1, 2]), floats('', [1, 2], [1, 2])],
      /expected at most 1 inputs/,
    ],
    [
      'another shape',
      () => [floats('', [1, 3], [1, 2, 3])],
      /array 'x' for input 'x': expected \[N, 2\] float32, got \[1, 3\]/,
    ],
  ]
  for (const [what, make, message] of faults) {
    it(`refuses ${what}`, async () => {
      const error = await errorOf(open(setsOf(make()), [x]))
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.match(message)
    })
  }

  it('refuses sets of several shapes', async () => {
    const free = port('x', 'float32', ['N', 'T'])
    const error = await errorOf(open(setsOf([floats('', [1, 2], [1, 2])], [floats('', [1, 1], [1])]), [free]))
    expect(error.message).to.contain('expected samples of [2] float32 as in')
  })
})
