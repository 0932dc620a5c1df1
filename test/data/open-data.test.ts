import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import type {DataSpec, InputPort} from '../../src/data/dataset.js'
import {openData} from '../../src/data/open-data.js'
import {DataError, FileError, InterruptedError} from '../../src/errors.js'
import {DataFolder} from '../support/data-folder.js'
import {errorOf, port, readBatches, readValues} from '../support/data-reading.js'
import {npyOf} from '../support/npy-writer.js'

const folder = new DataFolder()
const SPAM = 'fixtures/spam/spam_test.npz'
const ids = port('input_ids', 'int64', ['N', 'T'])
const mask = port('attention_mask', 'int64', ['N', 'T'])
const open = (path: string, inputs: readonly InputPort[], spec: Partial<DataSpec> = {}) =>
  openData({path, seed: 0, ...spec}, inputs)
const floats = (count: number) => Float32Array.from({length: count}, (_, i) => i)

describe('openData', () => {
  after(() => folder.remove())

  it('feeds every input by name, with labels, in batches', async () => {
    const dataset = await open(SPAM, [ids, mask], {offset: 290, limit: 50})
    expect(dataset.sampleCount).to.equal(10)
    expect(dataset.labels).to.have.length(10)
    expect(dataset.notes).to.be.empty
    const batches = await readBatches(dataset, 4)
    expect(batches.map(({size}) => size)).to.deep.equal([4, 4, 2])
    expect(batches[2]?.inputs.input_ids?.shape).to.deep.equal([2, 64])
    expect(batches[0]?.inputs.attention_mask?.data).to.be.instanceOf(BigInt64Array)
  })

  it('can be read twice', async () => {
    const dataset = await open(SPAM, [ids], {limit: 7})
    expect(await readValues(dataset, 'input_ids')).to.deep.equal(await readValues(dataset, 'input_ids', 64))
  })

  it('says which arrays it ignores', async () => {
    const {notes} = await open(SPAM, [ids])
    expect(notes).to.have.length(1)
    expect(notes[0]).to.contain("array 'attention_mask' is ignored")
  })

  it('names what is missing and what is there', async () => {
    const error = await errorOf(open(SPAM, [port('pixels', 'float32', ['N', 3]), ids]))
    expect(error.message).to.contain("expected an array named 'pixels'")
    expect(error.message).to.contain("'input_ids' [300, 64] int64")
    expect(error.hint).to.contain('--map array=pixels')
  })

  it('maps arrays to inputs, and refuses a map to or from nothing', async () => {
    const tokens = port('tokens', 'int64', ['N', 'T'])
    const dataset = await open(SPAM, [tokens, mask], {map: {input_ids: 'tokens'}, limit: 1})
    expect((await readValues(dataset, 'tokens'))[0]).to.equal(1)
    expect((await errorOf(open(SPAM, [ids], {map: {nothing: 'input_ids'}}))).message).to.contain("got 'nothing'")
    expect((await errorOf(open(SPAM, [ids], {map: {input_ids: 'nowhere'}}))).message).to.contain("got 'nowhere'")
  })

  it('matches one input and one array whatever their names', async () => {
    const path = folder.npz('only.npz', {anything: npyOf(floats(4), [2, 2]), y: npyOf(Int32Array.of(1, 0), [2, 1])})
    const dataset = await open(path, [port('x', 'float32', ['N', 2])])
    expect(await readValues(dataset, 'x')).to.deep.equal([0, 1, 2, 3])
    expect([...(dataset.labels as Float64Array)]).to.deep.equal([1, 0])
  })

  it('shuffles, then skips, then limits, and gives the same order for the same seed', async () => {
    const path = folder.write('order.npy', npyOf(floats(50), [50]))
    const x = [port('x', 'float32', ['N'])]
    const all = await readValues(await open(path, x, {shuffle: true, seed: 5}), 'x')
    const part = await readValues(await open(path, x, {shuffle: true, seed: 5, offset: 10, limit: 20}), 'x')
    const other = await readValues(await open(path, x, {shuffle: true, seed: 6}), 'x')
    expect(part).to.deep.equal(all.slice(10, 30))
    expect(all.toSorted((a, b) => a - b)).to.deep.equal([...floats(50)])
    expect(other).to.not.deep.equal(all)
  })

  it('fills the last batch of a fixed batch by repeating the last sample', async () => {
    const path = folder.write('fixed.npy', npyOf(floats(10), [5, 2]))
    const batches = await readBatches(await open(path, [port('x', 'float32', [4, 2])]), 64)
    expect(batches.map(({size}) => size)).to.deep.equal([4, 1])
    expect(batches[1]?.inputs.x?.shape).to.deep.equal([4, 2])
    expect([...(batches[1]?.inputs.x?.data ?? [])]).to.deep.equal([8, 9, 8, 9, 8, 9, 8, 9])
  })

  it('refuses a wrong shape, naming array, expected and found', async () => {
    const path = folder.npz('shape.npz', {x: npyOf(floats(12), [3, 4])})
    const error = await errorOf(open(path, [port('x', 'float32', ['N', 5])]))
    expect(error).to.be.instanceOf(DataError)
    expect(error.message).to.equal("array 'x' for input 'x': expected [N, 5] float32, got [3, 4] float32")
  })

  it('refuses NaN and infinity, naming array and sample', async () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const path = folder.npz('bad.npz', {x: npyOf(Float32Array.of(1, 2, 3, bad), [2, 2])})
      const error = await errorOf(readValues(await open(path, [port('x', 'float32', ['N', 2])]), 'x'))
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.equal(`array 'x', sample 1: expected finite numbers, got ${bad}`)
    }
  })

  it('counts samples as the file does when they are shuffled', async () => {
    const data = floats(50)
    data[41] = Number.NaN
    const path = folder.npz('shuffled-nan.npz', {x: npyOf(data, [50])}, {deflate: true})
    const error = await errorOf(readValues(await open(path, [port('x', 'float32', ['N'])], {shuffle: true}), 'x'))
    expect(error.message).to.contain('sample 41')
  })

  it('refuses ids that do not fit a narrower integer', async () => {
    const path = folder.npz('wide.npz', {x: npyOf(BigInt64Array.of(1n, 2n ** 31n), [2])})
    const error = await errorOf(readValues(await open(path, [port('x', 'int32', ['N'])]), 'x'))
    expect(error.message).to.contain('expected integers in -2147483648..2147483647 for int32, got 2147483648')
  })

  it('refuses inputs of different length, and sizes of one name that differ', async () => {
    const path = folder.npz('uneven.npz', {
      a: npyOf(floats(6), [3, 2]),
      b: npyOf(floats(4), [2, 2]),
      c: npyOf(floats(9), [3, 3]),
    })
    const [a, b, c] = ['a', 'b', 'c'].map((name) => port(name, 'float32', ['N', 'T'])) as [
      InputPort,
      InputPort,
      InputPort,
    ]
    expect((await errorOf(open(path, [a, b]))).message).to.equal("array 'b': expected 3 samples as in 'a', got 2")
    expect((await errorOf(open(path, [a, c]))).message).to.contain("expected T = 2 as in 'a', got 3")
  })

  it('takes a label per position, which go with their samples through a round', async () => {
    const x = npyOf(floats(4), [2, 2])
    const labels = npyOf(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
    const dataset = await open(folder.npz('positions.npz', {x, label: labels}), [port('x', 'float32', ['N', 2])])
    expect(dataset.labelShape).to.deep.equal([3])
    expect([...(dataset.labels ?? [])]).to.deep.equal([1, 2, 3, 4, 5, 6])
    for (const seed of [1, 2, 3, 4, 5]) {
      const round = dataset.round({seed, skip: 0})
      const first = [1, 4][round.keptAt(0)] as number
      expect([...(round.labels ?? [])].slice(0, 3)).to.deep.equal([first, first + 1, first + 2])
    }
  })

  it('refuses labels that are no numbers of the samples', async () => {
    const x = npyOf(floats(4), [2, 2])
    const inputs = [port('x', 'float32', ['N', 2])]
    const short = folder.npz('short.npz', {x, label: npyOf(floats(6), [3, 2])})
    expect((await errorOf(open(short, inputs))).message).to.contain('expected 2 labels, one per sample, got 3')
    const unknown = folder.npz('nan.npz', {x, label: npyOf(Float64Array.of(0, Number.NaN), [2])})
    expect((await errorOf(open(unknown, inputs))).message).to.contain('label 1: expected finite numbers, got NaN')
  })

  it('refuses an offset that leaves nothing, and takes a limit beyond the end', async () => {
    expect((await errorOf(open(SPAM, [ids], {offset: 300}))).message).to.contain('got none of 300 (offset 300')
    expect((await open(SPAM, [ids], {limit: 5000})).sampleCount).to.equal(300)
  })

  it('stops between batches when it is aborted', async () => {
    const controller = new AbortController()
    const dataset = await openData({path: SPAM, seed: 0}, [ids], {signal: controller.signal})
    const seen: number[] = []
    const reading = (async () => {
      for await (const {size} of dataset.batches(100)) {
        seen.push(size)
        controller.abort()
      }
    })()
    expect(await errorOf(reading)).to.be.instanceOf(InterruptedError)
    expect(seen).to.deep.equal([100])
  })

  const notData: [title: string, make: () => string, message: string][] = [
    ['a missing file', () => 'fixtures/nothing.npz', 'no such data file'],
    ['an empty file', () => folder.write('empty.npz', ''), 'got an empty file'],
    ['a PNG', () => folder.write('a.npz', Buffer.from('89504e470d0a1a0a0000', 'hex')), 'got a PNG image'],
    ['a JPEG', () => folder.write('a.jpg', Buffer.from('ffd8ffe000104a464946', 'hex')), 'got a JPEG image'],
    ['a pickle', () => folder.write('a.pkl', Buffer.from('80049500', 'hex')), 'got a Python pickle'],
    ['a zip named .csv', () => folder.write('a.csv', Buffer.from('504b0300', 'hex')), "named '.csv'"],
    ['UTF-16 text', () => folder.write('u.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le')), 'UTF-16 text'],
    ['text without a name for it', () => folder.write('a.txt', 'a,b\n1,2\n'), "named '.txt'"],
    ['one byte', () => folder.write('a.npy', 'a'), 'a file that begins with 0x61'],
    ['gzipped text', () => folder.write('a.gz', gzipSync('hello, world')), 'compressed by gzip'],
  ]
  for (const [title, make, message] of notData) {
    it(`refuses ${title}`, async () => {
      const error = await errorOf(open(make(), [ids]))
      expect(error).to.be.instanceOf(FileError)
      expect(error.message).to.contain(message)
      expect(error.hint).to.contain('.npz, .npy, .csv, .jsonl, .parquet, IDX')
    })
  }
})
