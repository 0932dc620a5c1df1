import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {measureFile} from '../../src/io/measure-file.js'
import {openModel} from '../../src/io/open-model.js'
import {writeModel} from '../../src/io/write-model.js'
import {DataFolder} from '../support/data-folder.js'

describe('measureFile', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('gives size, gzip size and SHA-256 of a file', async () => {
    const path = 'fixtures/models/resnet8_fm.onnx'
    const bytes = readFileSync(path)
    expect(await measureFile(path)).to.deep.equal({
      sizeBytes: bytes.length,
      compressedBytes: gzipSync(bytes, {level: 6}).length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
  })

  it('counts external data too', async () => {
    const path = join(folder.path, 'out.onnx')
    const {model, close} = await openModel('fixtures/models/resnet8_fm.onnx')
    await writeModel(model, path, {force: false, externalData: 'always'})
    close()
    const bytes = [readFileSync(path), readFileSync(`${path}.data`)]
    const hash = createHash('sha256')
    for (const part of bytes) hash.update(part)
    expect(await measureFile(path)).to.deep.equal({
      sizeBytes: bytes.reduce((sum, part) => sum + part.length, 0),
      compressedBytes: bytes.reduce((sum, part) => sum + gzipSync(part, {level: 6}).length, 0),
      sha256: hash.digest('hex'),
    })
  })
})
