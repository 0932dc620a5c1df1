import {expect} from 'chai'
import {requireEpochs} from '../../src/cli/recovery-flags.js'
import {UsageError} from '../../src/errors.js'

describe('requireEpochs', () => {
  const check = (typed: Record<string, unknown>, filledIn: Record<string, unknown> = {epochs: 0}) => {
    return () => requireEpochs({...filledIn, ...typed}, (name) => Object.hasOwn(typed, name))
  }

  it('takes flags of a training for a mistake where nothing is trained', () => {
    expect(check({lr: 0.1})).to.throw(UsageError, '--lr: expected --epochs with it, got none: nothing is trained')
    expect(check({teacher: 't.onnx'})).to.throw(UsageError, '--teacher')
    expect(check({schedule: 'cubic'})).to.throw(UsageError, '--schedule')
  })

  it('takes them where something is', () => {
    expect(check({lr: 0.1, epochs: 2})).not.to.throw()
  })

  it('takes defaults, flags that were switched off, and what does no harm', () => {
    expect(check({}, {epochs: 0, lr: 'auto', optimizer: 'adamw'})).not.to.throw()
    expect(check({resume: false, batch: 8, schedule: 'oneshot', sparsity: 0.5})).not.to.throw()
  })
})
