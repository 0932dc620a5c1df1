import {readFileSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {fileKind} from '../../src/io/file-signature.js'

const textOf = (text: string) => fileKind(Buffer.from(text, 'latin1'))?.kind

describe('fileKind', () => {
  it('knows what people pass by mistake', () => {
    expect(fileKind(gzipSync('x'))?.kind).to.equal('a gzip archive')
    expect(textOf('\x89PNG\r\n\x1a\n')).to.equal('a PNG image')
    expect(textOf('version https://git-lfs.github.com/spec/v1')).to.equal('a Git LFS pointer')
    expect(textOf('<!DOCTYPE html>')).to.equal('a web page or an XML file')
    expect(textOf('{"a": 1}')).to.equal('a JSON file')
  })

  it('looks for some marks behind the first bytes', () => {
    expect(textOf('\x1c\0\0\0TFL3')).to.equal('a TensorFlow Lite model')
    expect(textOf('\0\0\0\0ORTM')).to.equal('a model in the ORT format')
    expect(textOf('TFL3')).to.equal(undefined)
  })

  it('says what to do, of every kind', () => {
    expect(fileKind(Buffer.from('PK\x03\x04'))?.hint).to.equal('Use torch.onnx.export first')
    expect(fileKind(Buffer.from('{'))?.hint).to.equal('Pass an ONNX file')
  })

  it('says nothing of an ONNX model, of no bytes and of half a mark', () => {
    expect(fileKind(readFileSync('fixtures/models/cnn_fm.onnx'))).to.equal(undefined)
    expect(fileKind(new Uint8Array())).to.equal(undefined)
    expect(textOf('\x89PN')).to.equal(undefined)
  })
})
