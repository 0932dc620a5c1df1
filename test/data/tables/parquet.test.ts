import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import type {DataSpec, InputPort} from '../../../src/data/dataset.js'
import {openData} from '../../../src/data/open-data.js'
import {DataError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readBatches, readValues} from '../../support/data-reading.js'

const TABLES = 'fixtures/tables'
const x = port('x', 'float32', ['N', 2, 3])
const ids = port('ids', 'int64', ['N', 2])
const open = (path: string, inputs: readonly InputPort[], spec: Partial<DataSpec> = {}) =>
  openData({path, seed: 0, ...spec}, inputs)

describe('openParquet', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  for (const compression of ['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4']) {
    it(`reads numbers, lists and nested lists, compression ${compression}`, async () => {
      const age = port('age', 'float32', ['N', 1])
      const dataset = await open(`${TABLES}/${compression}.parquet`, [x, ids, age])
      expect(dataset.sampleCount).to.equal(7)
      // three row groups, and batches that do not end with them
      expect(await readValues(dataset, 'x', 2)).to.deep.equal(Array.from({length: 42}, (_, i) => i / 4))
      expect((await readValues(dataset, 'ids')).slice(-2)).to.deep.equal([60, 61])
      expect(await readValues(dataset, 'age')).to.deep.equal([0, 1, 2, 3, 4, 5, 6])
      expect([...(dataset.labels ?? [])]).to.deep.equal([0, 1, 2, 0, 1, 2, 0])
    })
  }

  it('keeps rows and labels together when shuffled', async () => {
    const dataset = await open(`${TABLES}/zstd.parquet`, [ids], {shuffle: true, limit: 5})
    const rows = (await readValues(dataset, 'ids', 2)).filter((_, i) => i % 2 === 0).map((id) => id / 10)
    expect(rows).to.have.length(5)
    expect(rows.map((row) => row % 3)).to.deep.equal([...(dataset.labels ?? [])])
    expect(rows).not.to.deep.equal([0, 1, 2, 3, 4])
  })

  const faults: [column: string, shape: number[], message: RegExp][] = [
    ['name', [1], /row 0, column 'name': expected a number or a list of numbers, got 'a'$/],
    ['ragged', [2], /row 1, column 'ragged': expected 2 items as in the first row, got 1$/],
    ['holes', [1], /row 1, column 'holes': expected a number or a list of numbers, got an empty cell$/],
    ['large', [1], /row 1, column 'large': expected integers up to 2\^53, got 1152921504606846976$/],
  ]
  for (const [column, shape, message] of faults) {
    it(`names the row and the column of faults: ${column}`, async () => {
      const input = port(column, 'float32', ['N', ...shape])
      const reading = open(`${TABLES}/faulty.parquet`, [input]).then((dataset) => readBatches(dataset, 4))
      const error = await errorOf(reading)
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.match(message)
    })
  }

  it('refuses a damaged file at every place it is cut or overwritten', async () => {
    const bytes = readFileSync(`${TABLES}/snappy.parquet`)
    const cut = folder.write('cut.parquet', bytes.subarray(0, bytes.length / 2))
    expect((await errorOf(open(cut, [x]))).message).to.contain('expected a parquet file, got one that cannot be read')
    for (const at of [60, 200, bytes.length - 300, bytes.length - 6]) {
      const broken = Buffer.from(bytes)
      broken.fill(0xff, at, at + 5)
      const path = folder.write(`broken${at}.parquet`, broken)
      const outcome = await open(path, [x])
        .then((dataset) => readBatches(dataset, 4))
        .catch((error: unknown) => error)
      if (!Array.isArray(outcome)) expect(outcome, `byte ${at}: ${outcome}`).to.be.instanceOf(DataError)
    }
  })
})
