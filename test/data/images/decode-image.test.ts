import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {decodeImage} from '../../../src/data/images/decode-image.js'
import {DataError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf} from '../../support/data-reading.js'

interface Decoded {
  readonly height: number
  readonly width: number
  readonly rgbSha256: string
  readonly graySha256: string
}
const {decoded} = JSON.parse(readFileSync('fixtures/images/pillow.json', 'utf8')) as {decoded: Record<string, Decoded>}
const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

describe('decodeImage', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  for (const [name, {height, width, rgbSha256, graySha256}] of Object.entries(decoded)) {
    it(`reads the pixels of ${name} as Pillow does, upright`, async () => {
      const colour = await decodeImage(`fixtures/images/${name}`, 3)
      expect([colour.height, colour.width]).to.deep.equal([height, width])
      expect(digest(colour.data)).to.equal(rgbSha256)
      expect(digest((await decodeImage(`fixtures/images/${name}`, 1)).data)).to.equal(graySha256)
    })
  }

  it('takes the channels of the file when none are asked for', async () => {
    expect((await decodeImage('fixtures/images/gray.png', undefined)).channels).to.equal(1)
    expect((await decodeImage('fixtures/images/gray16.png', undefined)).channels).to.equal(1)
    expect((await decodeImage('fixtures/images/rgba.png', undefined)).channels).to.equal(3)
  })

  const damaged: [string, () => Uint8Array][] = [
    ['half a jpeg', () => half('444.jpg')],
    ['half a png', () => half('rgb.png')],
    ['half a webp', () => half('lossless.webp')],
    ['text', () => Buffer.from('not an image')],
    ['nothing', () => new Uint8Array()],
    ['a png that claims 60000x60000 pixels', () => withSize(60_000)],
  ]
  for (const [what, make] of damaged) {
    it(`refuses ${what} by its name`, async () => {
      const error = await errorOf(decodeImage(folder.write('broken.png', make()), 3))
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.match(/broken\.png: expected an image, got one that cannot be decoded \(.+\)$/)
    })
  }
})

function half(name: string): Uint8Array {
  const bytes = readFileSync(`fixtures/images/${name}`)
  return bytes.subarray(0, bytes.length / 2)
}

/** The header's checksum is wrong then, but sizes are looked at first. */
function withSize(side: number): Uint8Array {
  const bytes = Buffer.from(readFileSync('fixtures/images/rgb.png'))
  bytes.writeUInt32BE(side, 16)
  bytes.writeUInt32BE(side, 20)
  return bytes
}
