import {expect} from 'chai'
import {DataError, MoptError, NonFiniteError, RuntimeRefusedError, ShapeError} from '../../../src/errors.js'
import {fromTransfer, toTransfer} from '../../../src/runtime/child/transferred-error.js'

describe('fromTransfer', () => {
  const there = (error: unknown, log = '') => fromTransfer(structuredClone(toTransfer(error)), log)

  it('gives an error of the same class, with code, exit code and hint', () => {
    const error = there(new DataError('expected 28 columns, got 27', {hint: 'resize'}))
    expect(error).to.be.instanceOf(DataError)
    expect(error).to.include({message: 'expected 28 columns, got 27', code: 'BAD_DATA', exitCode: 2, hint: 'resize'})
    expect(error.cause).to.equal(undefined)
  })

  it('keeps what readers see of classes whose constructors take something else', () => {
    for (const original of [
      new NonFiniteError('w', 'channel 3'),
      new ShapeError({name: 'n', opType: 'Add'}, {expected: '3', got: '4'}),
    ]) {
      const {message, code, exitCode, hint, name} = original
      expect(there(original)).to.be.instanceOf(MoptError).and.include({message, code, exitCode, hint, name})
    }
  })

  it('keeps what was refused, and when', () => {
    const refusal = {path: 'a.onnx', phase: 'run', isUnimplemented: true} as const
    for (const one of [refusal, {...refusal, path: undefined}]) {
      const error = there(new RuntimeRefusedError('ONNX Runtime cannot run it', one, {hint: 'see the node'}), 'a line')
      expect(error).to.be.instanceOf(RuntimeRefusedError).and.include({code: 'RUNTIME_REFUSED', hint: 'see the node'})
      expect((error as RuntimeRefusedError).refusal).to.deep.equal(one)
      expect((error.cause as Error).message).to.equal('a line')
    }
  })

  it('calls everything else a bug, and keeps its stack and the log in the cause', () => {
    const error = there(new TypeError('x is not a function'), 'a line on stderr\n')
    expect(error).to.include({code: 'BUG', exitCode: 70})
    expect(error.message).to.contain('x is not a function')
    expect((error.cause as Error).message).to.match(/^TypeError: x is not a function\n[\s\S]*a line on stderr$/)
  })
})
