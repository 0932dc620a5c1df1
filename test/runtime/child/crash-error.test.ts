import {expect} from 'chai'
import {crashError} from '../../../src/runtime/child/crash-error.js'

describe('crashError', () => {
  it('recognizes the limit of the JavaScript heap, which looks like any other abort', () => {
    const log = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n'

    const error = crashError({code: null, signal: 'SIGABRT', log}, 'evaluating a.onnx')

    expect(error.message).to.equal('evaluating a.onnx: the process reached the limit of the JavaScript heap')
    expect(error.hint).to.contain('--max-old-space-size')
    expect(error.exitCode).to.equal(5)
  })

  it('takes SIGKILL for a lack of memory', () => {
    const error = crashError({code: null, signal: 'SIGKILL', log: ''}, 'calibrating a.onnx')
    expect(error.message).to.contain('most likely because the machine ran out of memory')
    expect(error.cause).to.equal(undefined)
  })

  it('keeps the log as the cause of a fault', () => {
    const error = crashError({code: 134, signal: null, log: 'terminate called\n'}, 'running a.onnx')
    expect(error.message).to.equal('running a.onnx: ONNX Runtime crashed (exit code 134)')
    expect((error.cause as Error).message).to.equal('terminate called')
  })

  it('takes SIGTERM for an interruption', () => {
    expect(crashError({code: null, signal: 'SIGTERM', log: ''}, 'running a.onnx').exitCode).to.equal(143)
  })
})
