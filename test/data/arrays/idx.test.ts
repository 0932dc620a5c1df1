import {readFileSync} from 'node:fs'
import {constants, gunzipSync, gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {openData} from '../../../src/data/open-data.js'
import {DataError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readValues} from '../../support/data-reading.js'

const IMAGES = 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz'
const LABELS = 'fixtures/fashion-mnist/t10k-labels-idx1-ubyte.gz'
const raw = [port('x', 'uint8', ['N', 1, 28, 28])]
const folder = new DataFolder()

/** What comes out of half a gzip file. */
function inflatedLength(half: Buffer): number {
  return gunzipSync(half, {finishFlush: constants.Z_SYNC_FLUSH}).length
}

describe('openIdx', () => {
  after(() => folder.remove())

  it('reads gzipped images, adds the channel, and finds the labels beside them', async () => {
    const dataset = await openData({path: IMAGES, seed: 0, limit: 20}, raw)
    const pixels = gunzipSync(readFileSync(IMAGES)).subarray(16)
    const labels = gunzipSync(readFileSync(LABELS)).subarray(8)
    expect(await readValues(dataset, 'x', 8)).to.deep.equal([...pixels.subarray(0, 20 * 784)])
    expect([...(dataset.labels as Float64Array)]).to.deep.equal([...labels.subarray(0, 20)])
  })

  it('reads the same samples and labels whether compressed or not, in any order', async () => {
    const path = folder.write('t10k-images-idx3-ubyte', gunzipSync(readFileSync(IMAGES)))
    folder.write('t10k-labels-idx1-ubyte.gz', readFileSync(LABELS))
    const order = {seed: 3, shuffle: true, offset: 100, limit: 10}
    const [packed, plain] = [await openData({path: IMAGES, ...order}, raw), await openData({path, ...order}, raw)]
    expect(await readValues(packed, 'x')).to.deep.equal(await readValues(plain, 'x'))
    expect(packed.labels).to.deep.equal(plain.labels)
  })

  it('reads the other element types, big-endian', async () => {
    const bytes = Buffer.alloc(8 + 8)
    bytes.set([0, 0, 0x0d, 1])
    bytes.writeUInt32BE(2, 4)
    bytes.writeFloatBE(1.5, 8)
    bytes.writeFloatBE(-2, 12)
    const path = folder.write('floats-idx1-float', bytes)
    expect(await readValues(await openData({path, seed: 0}, [port('x', 'float32', ['N'])]), 'x')).to.deep.equal([
      1.5, -2,
    ])
  })

  it('refuses a file that is cut off, also when only its beginning is wanted', async () => {
    const cut = gunzipSync(readFileSync(IMAGES)).subarray(0, 5000)
    const plain = await errorOf(openData({path: folder.write('cut-idx3-ubyte', cut), seed: 0}, raw))
    expect(plain).to.be.instanceOf(DataError)
    expect(plain.message).to.contain('expected shape [1000, 28, 28] uint8 of its header, ends after 6 of 1,000 samples')
    const half = readFileSync(IMAGES).subarray(0, 200_000)
    const path = folder.write('half-idx3-ubyte.gz', half)
    // although the samples that are wanted are there
    const error = await errorOf(openData({path, seed: 0, limit: 5}, raw))
    expect(error).to.be.instanceOf(DataError)
    const whole = Math.floor((inflatedLength(half) - 16) / 784)
    expect(whole).to.be.within(300, 500)
    expect(error.message).to.match(/ends after \d+ of 1,000 samples$/)
    expect(Number(/after (\d+) of/.exec(error.message)?.[1])).to.be.within(whole - 1, whole)
  })

  it('says how far half a file of labels goes', async () => {
    const half = readFileSync(LABELS)
    const path = folder.write('half-labels-idx1-ubyte.gz', half.subarray(0, half.length / 2))
    const error = await errorOf(openData({path: IMAGES, labels: path, seed: 0, limit: 5}, raw))
    expect(error.message).to.match(
      /half-labels-idx1-ubyte.gz: expected shape \[1000] uint8 .*, ends after \d+ of 1,000 samples/,
    )
  })

  it('refuses a gzip whose header claims more than it can hold', async () => {
    const bytes = Buffer.from([0, 0, 8, 3, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 28, 0, 0, 0, 28])
    const error = await errorOf(openData({path: folder.write('lie-idx3-ubyte.gz', gzipSync(bytes)), seed: 0}, raw))
    expect(error.message).to.contain('of 4,294,967,295 samples')
  })

  it('refuses a file that goes on behind what its header says', async () => {
    const long = Buffer.concat([gunzipSync(readFileSync(IMAGES)), Buffer.alloc(3)])
    for (const [name, bytes] of [
      ['long-idx3-ubyte', long],
      ['long-idx3-ubyte.gz', gzipSync(long)],
    ] as const) {
      const error = await errorOf(openData({path: folder.write(name, bytes), seed: 0}, raw))
      expect(error.message, name).to.contain('of its header, got 3 bytes more')
    }
  })

  it('takes gzip members one after another, and refuses wrong checksums and lengths in any of them', async () => {
    const bytes = gunzipSync(readFileSync(IMAGES))
    const parts = [gzipSync(bytes.subarray(0, 300_000)), gzipSync(bytes.subarray(300_000))] as const
    const joined = Buffer.concat(parts)
    const dataset = await openData({path: folder.write('joined-idx3-ubyte.gz', joined), seed: 0}, raw)
    expect(await readValues(dataset, 'x', 500)).to.deep.equal([...bytes.subarray(16)])
    for (const end of [parts[0].length, joined.length]) {
      for (const back of [8, 4]) {
        const wrong = Buffer.from(joined)
        wrong.writeUInt8(wrong.readUInt8(end - back) ^ 1, end - back)
        const path = folder.write(`wrong-${end}-${back}-idx3-ubyte.gz`, wrong)
        expect((await errorOf(openData({path, seed: 0, limit: 1}, raw))).message).to.match(/damaged data|ends after/)
      }
    }
  })

  it('says both counts when the labels are shorter than the data', async () => {
    const labels = gunzipSync(readFileSync(LABELS)).subarray(0, 8 + 900)
    labels.writeUInt32BE(900, 4)
    const path = folder.write('short-labels-idx1-ubyte', labels)
    const error = await errorOf(openData({path: IMAGES, labels: path, seed: 0, limit: 5}, raw))
    expect(error).to.be.instanceOf(DataError)
    expect(error.message).to.contain('expected 1000 labels, one per sample, got 900')
  })
})
