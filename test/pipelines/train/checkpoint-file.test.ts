import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {EXIT, FileError, InterruptedError, UsageError} from '../../../src/errors.js'
import {checkpointOf, resumable} from '../../../src/pipelines/train/checkpoint-file.js'

describe('checkpointOf', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-checkpoint-'))
  after(() => rmSync(folder, {recursive: true}))
  const target = join(folder, 'out.onnx')
  const PLAIN = {resume: false, force: false}

  it('lies beside the output, and is written only when the training is stopped', () => {
    expect(checkpointOf(target, PLAIN, [])).to.deep.equal({
      path: `${target}.checkpoint`,
      resume: false,
      onlyWhenStopped: true,
    })
  })

  it('is written after every epoch where it was named', () => {
    const checkpoint = join(folder, 'own.state')
    expect(checkpointOf(target, {...PLAIN, checkpoint, resume: true}, [])).to.deep.equal({
      ...{path: checkpoint, resume: true, onlyWhenStopped: false},
    })
  })

  it('is never the output, however it is written', () => {
    const checkpoint = join(folder, 'x', '..', 'out.onnx')
    expect(() => checkpointOf(target, {...PLAIN, checkpoint}, [])).to.throw(
      UsageError,
      'expected a file of its own, got the output',
    )
  })

  it('does not write over a file that is something else, not even by force', () => {
    const checkpoint = join(folder, 'thesis.txt')
    writeFileSync(checkpoint, 'words')
    expect(() => checkpointOf(target, {checkpoint, resume: false, force: true}, [])).to.throw(
      FileError,
      'found something else',
    )
  })
})

describe('resumable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-checkpoint-'))
  after(() => rmSync(folder, {recursive: true}))
  const path = join(folder, 'out.checkpoint')
  const spec = {path, resume: false, onlyWhenStopped: true}
  const stopped = new InterruptedError('SIGTERM')

  it('is the same interruption where nothing was kept', () => {
    expect(resumable(stopped, spec, ['distill'])).to.equal(stopped)
  })

  it('says how to go on, once, with the same exit code', () => {
    writeFileSync(path, '')
    const error = resumable(stopped, spec, ['distill', 'a b.onnx'])
    expect(error.exitCode).to.equal(EXIT.terminated)
    expect(error.message).to.contain('out.checkpoint')
    expect(error.hint).to.equal("Go on with: mopt distill 'a b.onnx' --resume")
    expect(resumable(stopped, spec, ['distill', '--resume']).hint).to.equal('Go on with: mopt distill --resume')
    expect(resumable(stopped, spec, undefined).hint).to.equal('Go on with: training.resume')
  })
})
