import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import type {ResampleFilter} from '../../../src/data/dataset.js'
import {decodeImage} from '../../../src/data/images/decode-image.js'
import {resize} from '../../../src/data/images/resize.js'

interface Resized {
  readonly filter: ResampleFilter
  readonly size: [number, number]
  readonly sha256: string
}
const {resized} = JSON.parse(readFileSync('fixtures/images/pillow.json', 'utf8')) as {resized: Resized[]}

describe('resize', () => {
  for (const {filter, size, sha256} of resized) {
    it(`gives Pillow's bytes for ${filter} to ${size.join('x')}`, async () => {
      const {data, ...shape} = await decodeImage('fixtures/images/rgb.png', 3)
      const out = resize(data, {...shape, channelsFirst: false}, size, {filter, bytes: true})
      expect(createHash('sha256').update(Uint8Array.from(out)).digest('hex')).to.equal(sha256)
    })
  }
})
