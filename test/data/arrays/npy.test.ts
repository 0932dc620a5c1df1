import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {openData} from '../../../src/data/open-data.js'
import {DataError} from '../../../src/errors.js'
import type {DType} from '../../../src/ir/dtype.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readValues} from '../../support/data-reading.js'
import {npyBytes, npyOf} from '../../support/npy-writer.js'

const folder = new DataFolder()
const read = async (path: string, shape: (number | string)[], dtype: DType = 'float32') =>
  readValues(await openData({path, seed: 0}, [port('x', dtype, shape)]), 'x')

describe('openNpy', () => {
  after(() => folder.remove())

  it('reads Fortran order as NumPy wrote it', async () => {
    const values = await read('fixtures/numpy/fortran.npy', ['N', 2, 3])
    expect(values).to.deep.equal(Array.from({length: 24}, (_, i) => i))
  })

  it('reads half precision as NumPy wrote it', async () => {
    const values = await read('fixtures/numpy/half.npy', ['N', 4])
    expect(values.slice(0, 5)).to.deep.equal([0, -0, 1, -2.5, 65504])
    expect(values[5]).to.equal(2 ** -24)
    expect(values[7]).to.equal(0.0999755859375)
  })

  it('keeps half precision bits in a half precision input', async () => {
    const bits = await read('fixtures/numpy/half.npy', ['N', 4], 'float16')
    expect(bits).to.deep.equal([0, 0x8000, 0x3c00, 0xc100, 0x7bff, 1, 0x03ff, 0x2e66])
  })

  for (const version of [1, 2, 3] as const) {
    it(`reads format ${version}`, async () => {
      const data = Buffer.from(Float32Array.of(1, 2).buffer)
      const path = folder.write(`v${version}.npy`, npyBytes({descr: '<f4', shape: [2], data, version}))
      expect(await read(path, ['N'])).to.deep.equal([1, 2])
    })
  }

  it('reads a gzipped array', async () => {
    const path = folder.write('x.npy.gz', gzipSync(npyOf(Float32Array.of(1, 2, 3), [3, 1])))
    expect(await read(path, ['N', 1])).to.deep.equal([1, 2, 3])
  })

  const refused: [title: string, bytes: Buffer, message: string][] = [
    ['records', npyBytes({descr: '|V8', shape: [1], data: Buffer.alloc(8)}), 'records or raw bytes'],
    ['complex numbers', npyBytes({descr: '<c8', shape: [1], data: Buffer.alloc(8)}), 'complex numbers'],
    ['dates', npyBytes({descr: '<M8[s]', shape: [1], data: Buffer.alloc(8)}), 'dates'],
    ['an empty array', npyBytes({descr: '<f4', shape: [0, 2], data: Buffer.alloc(0)}), 'the empty shape [0, 2]'],
    ['a cut off array', npyBytes({descr: '<f4', shape: [3, 2], data: Buffer.alloc(20)}), 'ends after 2 of 3 samples'],
    ['an absurd shape', npyBytes({descr: '<f8', shape: [2 ** 40, 2 ** 20], data: Buffer.alloc(8)}), 'is too large'],
    [
      'a header without a shape',
      Buffer.from(`\x93NUMPY\x01\x00\x10\x00${'{}'.padEnd(16)}`, 'latin1'),
      'expected a header',
    ],
    ['a huge header', Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff....', 'latin1'), 'a header of 4294967295 bytes'],
    ['a format of the future', Buffer.from('\x93NUMPY\x09\x00\x10\x00......', 'latin1'), 'format 1 to 3, got 9'],
  ]
  for (const [title, bytes, message] of refused) {
    it(`refuses ${title}`, async () => {
      const error = await errorOf(read(folder.write('refused.npy', bytes), ['N', 2]))
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.contain(message)
    })
  }

  it('refuses pickled objects', async () => {
    expect((await errorOf(read('fixtures/numpy/objects.npy', ['N']))).message).to.contain('Python objects (pickled)')
  })
})
