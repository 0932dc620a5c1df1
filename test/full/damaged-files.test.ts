import {readFileSync} from 'node:fs'
import {gunzipSync, gzipSync} from 'node:zlib'
import {expect} from 'chai'
import type {InputPort} from '../../src/data/dataset.js'
import {openData} from '../../src/data/open-data.js'
import {MoptError} from '../../src/errors.js'
import {DataFolder} from '../support/data-folder.js'
import {port, readValues} from '../support/data-reading.js'
import {npyOf} from '../support/npy-writer.js'
import {zipOf} from '../support/zip-writer.js'

const folder = new DataFolder()
const ROWS = 40
const noise = Float32Array.from({length: ROWS * 6}, (_, i) => Math.fround(Math.sin(i * i)))
const tokens = BigInt64Array.from({length: ROWS}, (_, i) => BigInt((i * 7) % 10))
const X = [port('x', 'float32', ['N', 6])]
const IMAGES = [port('x', 'uint8', ['N', 1, 28, 28])]
const npy = npyOf(noise, [ROWS, 6])
const zip = (deflate: boolean) =>
  zipOf([
    {name: 'x.npy', bytes: npy, deflate},
    {name: 'label.npy', bytes: npyOf(tokens, [ROWS]), deflate},
  ])
const pixels = gunzipSync(readFileSync('fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz')).subarray(0, 16 + 30 * 784)
pixels.writeUInt32BE(30, 4)
const lines = Array.from({length: ROWS}, (_, row) => [...noise.subarray(row * 6, row * 6 + 6)])
const jsonl = lines.map((x) => JSON.stringify({x})).join('\n')

/** What a file reads as: samples and labels as text, or how it is refused. Anything else but a refusal fails the test. */
async function outcome(path: string, ports: readonly InputPort[]): Promise<string> {
  try {
    const dataset = await openData({path, seed: 0}, ports)
    return `${await readValues(dataset, 'x', 16)} ${dataset.labels}`
  } catch (error) {
    if (!(error instanceof MoptError)) throw error
    expect(error.exitCode, `${path}: ${error.message}`).to.be.oneOf([2, 3])
    return 'refused'
  }
}

interface Kind {
  readonly name: string
  readonly bytes: Buffer
  readonly ports: readonly InputPort[]
  /** Whether a changed byte is always seen: the format has checksums. */
  readonly isChecked: boolean
  /** Whether a cut is always seen: the format has lengths, or an end. */
  readonly hasEnd: boolean
}

const KINDS: readonly Kind[] = [
  {name: 'stored.npz', bytes: zip(false), ports: X, isChecked: true, hasEnd: true},
  {name: 'deflated.npz', bytes: zip(true), ports: X, isChecked: true, hasEnd: true},
  {name: 'gzip-images-idx3-ubyte.gz', bytes: gzipSync(pixels), ports: IMAGES, isChecked: true, hasEnd: true},
  {name: 'plain-images-idx3-ubyte', bytes: pixels, ports: IMAGES, isChecked: false, hasEnd: true},
  {name: 'x.npy', bytes: npy, ports: X, isChecked: false, hasEnd: true},
  {
    name: 'x.csv',
    bytes: Buffer.from(`a,b,c,d,e,f\n${lines.map((x) => x.join()).join('\n')}`),
    ports: X,
    isChecked: false,
    hasEnd: false,
  },
  {name: 'x.jsonl', bytes: Buffer.from(jsonl), ports: X, isChecked: false, hasEnd: false},
  {name: 'none.parquet', bytes: readFileSync('fixtures/tables/none.parquet'), ports: X, isChecked: false, hasEnd: true},
]

/** Enough places to meet every part of a file. */
const PLACES = 150

describe('damaged data files', () => {
  after(() => folder.remove())

  for (const {name, bytes, ports, isChecked, hasEnd} of KINDS) {
    const places = [...new Set(Array.from({length: PLACES}, (_, i) => Math.floor((i * bytes.length) / PLACES)))]

    it(`${name}: a changed byte is ${isChecked ? 'seen' : 'no crash'}`, async () => {
      const whole = await outcome(folder.write(name, bytes), ports)
      for (const at of places) {
        const copy = Buffer.from(bytes)
        copy.writeUInt8(copy.readUInt8(at) ^ (1 << (at % 8)), at)
        const found = await outcome(folder.write(name, copy), ports)
        if (isChecked) expect([whole, 'refused'], `byte ${at} of ${bytes.length}`).to.include(found)
      }
    })

    it(`${name}: a cut is ${hasEnd ? 'seen' : 'no crash'}`, async () => {
      for (const at of places) {
        const found = await outcome(folder.write(name, bytes.subarray(0, at)), ports)
        if (hasEnd) expect(found, `${at} of ${bytes.length} bytes`).to.equal('refused')
      }
    })
  }
})
