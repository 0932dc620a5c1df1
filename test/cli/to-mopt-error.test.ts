import {expect} from 'chai'
import {toMoptError} from '../../src/cli/to-mopt-error.js'
import {DataError} from '../../src/errors.js'

function systemError(code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: from the system`), {code, path})
}

describe('toMoptError', () => {
  it('leaves deliberate errors as they are', () => {
    const error = new DataError('x')
    expect(toMoptError(error)).to.equal(error)
  })

  for (const [what, thrown, exitCode, message] of [
    ['a full disk', systemError('ENOSPC', 'out.onnx'), 5, "'out.onnx': the disk is full"],
    ['no memory', systemError('ENOMEM'), 5, 'the machine is out of memory'],
    ['no memory for an array', new RangeError('Array buffer allocation failed'), 5, 'the machine is out of memory'],
    ['a folder that may not be written', systemError('EACCES', 'out.onnx'), 2, "'out.onnx': permission denied"],
    ['a bug', new TypeError('no such method'), 70, 'internal: TypeError: no such method'],
    ['a path error without a path', systemError('ENOENT'), 70, 'internal: Error: ENOENT: from the system'],
    ['text', 'a string was thrown', 70, 'internal: a string was thrown'],
  ] as const) {
    it(`gives ${what} the exit code ${exitCode}, a next step and the cause`, () => {
      const error = toMoptError(thrown)
      expect(error).to.include({exitCode, message, cause: thrown})
      expect(error.hint).to.be.a('string')
    })
  }
})
