import {existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {FileError} from '../../src/errors.js'
import {TemporaryFile} from '../../src/io/temporary-file.js'
import {withTempFolder} from '../../src/io/with-temp-folder.js'

/** Runs work with the path of a file to be, and the folder where it grows. */
function inFolder(work: (path: string, growing: string) => void): Promise<void> {
  return withTempFolder(async (folder) => {
    mkdirSync(join(folder, 'growing'))
    work(join(folder, 'model.onnx'), join(folder, 'growing'))
  })
}

describe('TemporaryFile', () => {
  it('has its name only when it is published, in place of what had it', () =>
    inFolder((path, growing) => {
      writeFileSync(path, 'old')
      const file = new TemporaryFile(path, growing)
      file.write(Buffer.from('ne'))
      file.write(new Uint8Array(0))
      file.write(Buffer.from('w'))
      expect(readFileSync(path, 'utf8')).to.equal('old')
      file.publish()
      expect(readFileSync(path, 'utf8')).to.equal('new')
      expect(existsSync(file.temporaryPath)).to.equal(false)
    }))

  it('is gone when it is discarded, and stays when it was published before', () =>
    inFolder((path, growing) => {
      const dropped = new TemporaryFile(path, growing)
      dropped.discard()
      expect(existsSync(dropped.temporaryPath)).to.equal(false)
      const kept = new TemporaryFile(path, growing)
      kept.publish()
      kept.discard()
      expect(existsSync(path)).to.equal(true)
    }))

  it('removes a link that stands where it grows, and does not write through it', () =>
    inFolder((path, growing) => {
      const precious = `${path}.precious`
      writeFileSync(precious, 'precious')
      symlinkSync(precious, join(growing, 'model.onnx'))
      const file = new TemporaryFile(path, growing)
      file.write(Buffer.from('new'))
      file.publish()
      expect(readFileSync(precious, 'utf8')).to.equal('precious')
      expect(readFileSync(path, 'utf8')).to.equal('new')
    }))

  it('names the file that was to be in its errors', () =>
    inFolder((path, growing) => {
      expect(() => new TemporaryFile(path, join(growing, 'none'))).to.throw(
        FileError,
        `${path}: cannot be written: its folder does not exist`,
      )
    }))
})
