import {expect} from 'chai'
import {ModelError} from '../../src/errors.js'
import {readFailure, writeFailure} from '../../src/io/file-errors.js'

const systemError = (code: string): Error => Object.assign(new Error(`${code}: it failed`), {code})

describe('writeFailure', () => {
  it('is the machine’s for a full disk, the user’s for a place that cannot be written', () => {
    expect(writeFailure('out.onnx', systemError('ENOSPC'))).to.include({
      exitCode: 5,
      message: 'out.onnx: the disk is full',
    })
    for (const code of ['ENOENT', 'EACCES', 'EROFS', 'EISDIR']) {
      const error = writeFailure('out.onnx', systemError(code))
      expect(error.exitCode).to.equal(2)
      expect(error.message).to.match(/^out\.onnx: cannot be written: /)
    }
  })
})

describe('readFailure', () => {
  it('keeps the cause, and lets errors pass that say more', () => {
    const cause = systemError('EBADF')
    expect(readFailure('in.onnx', cause)).to.include({exitCode: 2, cause, message: 'in.onnx: EBADF: it failed'})
    const known = new ModelError('known')
    expect(readFailure('in.onnx', known)).to.equal(known)
  })
})
