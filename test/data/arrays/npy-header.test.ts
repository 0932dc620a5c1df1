import {expect} from 'chai'
import {readNpyHeader} from '../../../src/data/arrays/npy-header.js'
import {DataError} from '../../../src/errors.js'

/** A reader over the header that NumPy writes for a dictionary. */
function headerOf(text: string, version = 1) {
  const lengthBytes = Buffer.alloc(version === 1 ? 2 : 4)
  if (version === 1) lengthBytes.writeUInt16LE(Buffer.byteLength(text))
  else lengthBytes.writeUInt32LE(Buffer.byteLength(text))
  return bytesReader(
    Buffer.concat([
      Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0`, 'latin1'),
      lengthBytes,
      Buffer.from(text),
      Buffer.alloc(8),
    ]),
  )
}

const bytesReader = (bytes: Buffer) => ({
  read: async (offset: number, length: number) => Buffer.from(bytes.subarray(offset, offset + length)),
  close: async () => undefined,
})
const dictionary = (descr: string, shape = '(3, 4)', order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`

async function refusal(reader: ReturnType<typeof headerOf>): Promise<DataError> {
  const error = await readNpyHeader(reader, 'x.npy').catch((caught: unknown) => caught)
  expect(error).to.be.instanceOf(DataError)
  return error as DataError
}

describe('readNpyHeader', () => {
  it('reads all three versions of the format', async () => {
    for (const version of [1, 2, 3]) {
      const text = dictionary('<f4')
      const header = await readNpyHeader(headerOf(text, version), 'x.npy')
      expect(header, `version ${version}`).to.deep.equal({
        type: {dtype: 'float32', bigEndian: false},
        shape: [3, 4],
        fortranOrder: false,
        dataOffset: (version === 1 ? 10 : 12) + text.length,
      })
    }
  })

  it('reads shapes as Python writes them: none, one, the long numbers of Python 2', async () => {
    for (const [shape, sizes] of [
      ['()', []],
      ['(5,)', [5]],
      ['(0, 3)', [0, 3]],
      ['(60000L, 28L)', [60000, 28]],
    ] as const) {
      expect((await readNpyHeader(headerOf(dictionary('|u1', shape)), 'x.npy')).shape, shape).to.deep.equal(sizes)
    }
  })

  it('tells the order of bytes and of axes', async () => {
    const {type, fortranOrder} = await readNpyHeader(headerOf(dictionary('>i8', '(2,)', 'True')), 'x.npy')
    expect([type, fortranOrder]).to.deep.equal([{dtype: 'int64', bigEndian: true}, true])
  })

  it('refuses what is no number, and says why', async () => {
    for (const [descr, what] of [
      ['|O', 'Python objects'],
      ['<U8', 'text'],
      ['<c8', 'complex'],
      ['<f16', "type '<f16'"],
      ['<M8[ns]', 'dates'],
    ]) {
      expect((await refusal(headerOf(dictionary(descr as string)))).message).to.include(
        `x.npy: expected numbers, got ${what?.startsWith('type') ? 'elements of ' : ''}${what}`,
      )
    }
    const records = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }"
    expect((await refusal(headerOf(records))).message).to.include('records or raw bytes')
  })

  it('refuses another format, another version and a damaged header', async () => {
    expect((await refusal(bytesReader(Buffer.from('PK\x03\x04 and so on')))).message).to.equal(
      'x.npy: expected a NumPy array (.npy)',
    )
    expect((await refusal(headerOf(dictionary('<f4'), 4))).message).to.include('format 1 to 3, got 4')
    expect((await refusal(headerOf("{'descr': '<f4'}"))).message).to.include('expected a header with descr')
    const long = Buffer.alloc(12)
    long.write('\x93NUMPY\x02', 'latin1')
    long.writeUInt32LE(2 ** 31, 8)
    expect((await refusal(bytesReader(long))).message).to.include('a header of 2147483648 bytes')
  })
})
