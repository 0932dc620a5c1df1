import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {crc32} from 'node:zlib'
import {expect} from 'chai'
import {WRONG_CHECKSUM} from '../../../src/data/bytes/byte-source.js'
import {plainBytes, storedBytes} from '../../../src/data/bytes/plain-bytes.js'
import {DataError, FileError} from '../../../src/errors.js'
import {withTempFolder} from '../../../src/io/with-temp-folder.js'

const TEXT = 'head and the bytes'
/** Of `the bytes`, as any zip program has it. */
const CHECKSUM = crc32('the bytes')

function onFile(work: (path: string) => Promise<void>): Promise<void> {
  return withTempFolder(async (folder) => {
    const path = join(folder, 'data')
    writeFileSync(path, TEXT)
    await work(path)
  })
}

describe('plainBytes', () => {
  it('reads at any offset from its start on, forwards and backwards', () =>
    onFile(async (path) => {
      const reader = await plainBytes(path, 9, 9).open()
      expect(`${await reader.read(4, 5)}`).to.equal('bytes')
      expect(`${await reader.read(0, 3)}`).to.equal('the')
      expect(await reader.read(0, 0)).to.have.length(0)
      await reader.close()
    }))

  it('gives buffers that any element type can lie on', () =>
    onFile(async (path) => {
      const reader = await plainBytes(path, 1, 17).open()
      for (let count = 0; count < 5; count++) {
        const {buffer, byteOffset} = await reader.read(count, 8)
        expect(new Float64Array(buffer, byteOffset, 1)).to.have.length(1)
      }
      await reader.close()
    }))

  it('says how much there is of a file that is cut off', () =>
    onFile(async (path) => {
      const reader = await plainBytes(path, 9, 100, 'x.npz: y').open()
      const error = await reader.read(4, 20).catch((caught: unknown) => caught)
      await reader.close()
      expect(error).to.be.instanceOf(DataError)
      expect((error as DataError).message).to.equal('x.npz: y: expected 20 bytes, got 5')
    }))

  it('refuses a file that is not there', async () => {
    const error = await plainBytes('/nowhere/x', 0, 1)
      .open()
      .catch((caught: unknown) => caught)
    expect(error).to.be.instanceOf(FileError)
  })
})

describe('storedBytes', () => {
  it('finds bytes whole, changed, and cut off', () =>
    onFile(async (path) => {
      const verified = (start: number, sizeBytes: number) =>
        storedBytes(path, start, sizeBytes, {where: path, crc32: CHECKSUM}).verify?.(sizeBytes)
      expect(await verified(9, 9)).to.deep.equal({sizeBytes: 9})
      expect(await verified(8, 9)).to.deep.equal({sizeBytes: 9, fault: WRONG_CHECKSUM})
      expect(await verified(9, 20)).to.deep.equal({sizeBytes: 9})
    }))

  it('has nothing to read for an empty member', () =>
    onFile(async (path) => {
      const empty = storedBytes(path, 18, 0, {where: path, crc32: 0})
      expect(await empty.verify?.(0)).to.deep.equal({sizeBytes: 0})
    }))
})
