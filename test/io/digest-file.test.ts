import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {FileError} from '../../src/errors.js'
import {digestFiles, digestPath} from '../../src/io/digest-file.js'
import {withTempFolder} from '../../src/io/with-temp-folder.js'

/** Of nothing and of `abc`: FIPS 180-2. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

function written(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('digestFiles', () => {
  it('is the SHA-256 of the files behind each other', () =>
    withTempFolder(async (folder) => {
      const [a, bc, none] = [written(folder, '1', 'a'), written(folder, '2', 'bc'), written(folder, '3', '')]
      expect(await digestFiles([a, bc])).to.equal(ABC)
      expect(await digestFiles([a, none, bc])).to.equal(ABC)
      expect(await digestFiles([bc, a])).not.to.equal(ABC)
      expect(await digestFiles([none])).to.equal(EMPTY)
    }))

  it('says which file cannot be read', () =>
    withTempFolder(async (folder) => {
      const missing = join(folder, 'missing.onnx')
      const error = await digestFiles([missing]).catch((caught: unknown) => caught)
      expect(error).to.be.instanceOf(FileError)
      expect((error as FileError).message).to.equal(`${missing}: expected a file, but there is none`)
    }))
})

describe('digestPath', () => {
  it('is that of the file for a file', () =>
    withTempFolder(async (folder) => {
      expect(await digestPath(written(folder, 'x', 'abc'))).to.equal(ABC)
    }))

  it('tells folders apart by names and contents, and not by the order of writing', () =>
    withTempFolder(async (folder) => {
      const digestOf = async (name: string, files: readonly [string, string][]) => {
        mkdirSync(join(folder, name, 'inner'), {recursive: true})
        for (const [file, text] of files) written(join(folder, name), file, text)
        return digestPath(join(folder, name))
      }
      const first = await digestOf('a', [
        ['x', '1'],
        ['inner/y', '2'],
      ])
      expect(
        await digestOf('b', [
          ['inner/y', '2'],
          ['x', '1'],
        ]),
      ).to.equal(first)
      expect(
        await digestOf('c', [
          ['x', '1'],
          ['inner/y', '3'],
        ]),
      ).not.to.equal(first)
      expect(
        await digestOf('d', [
          ['x', '1'],
          ['inner/z', '2'],
        ]),
      ).not.to.equal(first)
      expect(
        await digestOf('e', [
          ['x', '1'],
          ['y', '2'],
        ]),
      ).not.to.equal(first)
    }))
})
