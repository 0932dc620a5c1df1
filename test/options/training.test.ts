import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import {parseOptions} from '../../src/options/parse-options.js'
import {distillOptions, finetuneOptions, training} from '../../src/options/training.js'

describe('training', () => {
  it('takes a learning rate that is a number, or to be chosen', () => {
    expect(parseOptions(training, {}).learningRate).to.equal('auto')
    expect(parseOptions(training, {learningRate: 0.01}).learningRate).to.equal(0.01)
    expect(() => parseOptions(training, {learningRate: 'fast'})).to.throw(UsageError, /^learningRate: .*'fast'$/)
    expect(() => parseOptions(training, {learningRate: Number.NaN})).to.throw(UsageError, /^learningRate: /)
  })

  it('does not mix a teacher by more than all, nor divide by a temperature of 0', () => {
    expect(() => parseOptions(training, {alpha: 1.1})).to.throw(UsageError, /^alpha: .*<=1, got 1\.1$/)
    expect(() => parseOptions(training, {temperature: 0})).to.throw(UsageError, /^temperature: /)
  })

  it('is asked for a student to distill into, for nothing to finetune', () => {
    expect(parseOptions(finetuneOptions, {}).finetune).to.deep.equal({})
    expect(() => parseOptions(distillOptions, {})).to.throw(UsageError, /^distill: .*got nothing$/)
    expect(parseOptions(distillOptions, {distill: {student: 's.onnx'}}).training.epochs).to.equal(3)
  })
})
