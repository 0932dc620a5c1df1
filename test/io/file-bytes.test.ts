import {mkdirSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {FileError} from '../../src/errors.js'
import {FileBytes} from '../../src/io/file-bytes.js'
import {withTempFolder} from '../../src/io/with-temp-folder.js'

/** Runs work on a file of the bytes 0, 1, 2, … */
function onFile(count: number, work: (path: string) => void): Promise<void> {
  return withTempFolder(async (folder) => {
    const path = join(folder, 'bytes')
    writeFileSync(
      path,
      Uint8Array.from({length: count}, (_, index) => index % 251),
    )
    work(path)
  })
}

describe('FileBytes', () => {
  it('reads at a place, and an empty range anywhere', () =>
    onFile(10, (path) => {
      const file = new FileBytes(path)
      const target = new Uint8Array(3)
      file.readInto(target, 4)
      file.readInto(new Uint8Array(0), 10)
      file.close()
      expect([file.sizeBytes, ...target]).to.deep.equal([10, 4, 5, 6])
    }))

  it('reads a span as often as it is asked, with bytes that belong to the caller', () =>
    onFile(10, (path) => {
      const file = new FileBytes(path)
      const span = file.span(2, 3)
      span.read().fill(0)
      expect([...span.read()]).to.deep.equal([2, 3, 4])
      file.close()
      expect([...span.read()]).to.deep.equal([2, 3, 4])
      file.close()
    }))

  it('gives a long span in pieces, which are the same bytes', () =>
    onFile(8 * 2 ** 20 + 100, (path) => {
      const file = new FileBytes(path)
      const span = file.span(50, 8 * 2 ** 20 + 50)
      const pieces = [...(span.slices?.() ?? [])].map((piece) => piece.length)
      const last = [...(span.slices?.() ?? [])].at(-1)
      file.close()
      expect(pieces).to.deep.equal([8 * 2 ** 20, 50])
      expect(last?.at(-1)).to.equal((8 * 2 ** 20 + 99) % 251)
    }))

  it('says that a file became shorter', () =>
    onFile(10, (path) => {
      const file = new FileBytes(path)
      truncateSync(path, 5)
      expect(() => file.readInto(new Uint8Array(8), 0)).to.throw(FileError, 'changed while it was read')
      expect(() => file.span(6, 2).read()).to.throw(FileError, 'changed while it was read')
    }))

  it('refuses folders, devices and what is not there', () =>
    withTempFolder(async (folder) => {
      mkdirSync(join(folder, 'sub'))
      expect(() => new FileBytes(join(folder, 'sub'))).to.throw(FileError, 'it is a folder')
      expect(() => new FileBytes(join(folder, 'none'))).to.throw(FileError, 'there is none')
      if (process.platform === 'win32') return
      expect(() => new FileBytes('/dev/null')).to.throw(FileError, 'a device or a pipe')
    }))
})
