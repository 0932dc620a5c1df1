import {expect} from 'chai'
import {crc32, tableCrc32} from '../../../src/data/bytes/crc32.js'

describe('crc32', () => {
  const bytes = Buffer.from('123456789')

  for (const [name, sum] of [
    ['crc32', crc32],
    ['its replacement', tableCrc32],
  ] as const) {
    it(`${name} gives the check value of the catalogue, at once and in pieces`, () => {
      expect(sum(bytes)).to.equal(0xcbf43926)
      expect(sum(bytes.subarray(4), sum(bytes.subarray(0, 4)))).to.equal(0xcbf43926)
      expect(sum(Buffer.alloc(0))).to.equal(0)
    })
  }
})
