import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import {benchOptions} from '../../src/options/bench.js'
import {parseOptions} from '../../src/options/parse-options.js'
import {quantizeOptions} from '../../src/options/quantize.js'
import {distillOptions} from '../../src/options/training.js'

describe('parseOptions', () => {
  it('fills in every default, room by room', () => {
    const {quantize, output, run, data} = parseOptions(quantizeOptions, {})
    expect(quantize).to.deep.include({mode: 'auto', weights: 'int8', blockSize: 32, exclude: [], tune: false})
    expect(output).to.deep.include({force: false, verify: true, time: true})
    expect(run).to.deep.include({provider: 'cpu', threads: 1, seed: 0, dims: {}})
    expect(data).to.deep.include({offset: 0, map: {}, preprocess: {}})
    expect(parseOptions(benchOptions, {}).bench).to.deep.include({minTimeMs: 1000, minEffect: 0.02})
  })

  it('names the option that is wrong, what was expected and what was found', () => {
    const refused = (given: unknown, text: RegExp) =>
      expect(() => parseOptions(quantizeOptions, given)).to.throw(UsageError, text)
    refused({data: {limit: 0}}, /^data\.limit: expected .*>=1, got 0$/)
    refused({quantize: {mode: 'fast'}}, /^quantize\.mode: expected one of .*"static".*, got 'fast'$/)
    refused({quantize: {mood: 'auto'}}, /^quantize: expected known options, got 'mood'$/)
    refused({quantise: {}}, /^options: expected known options, got 'quantise'$/)
    refused({quantize: {exclude: ['(']}}, /^quantize\.exclude\.0: expected a regular expression, got '\('$/)
    refused({run: {dims: {seq: 'long'}}}, /^run\.dims\.seq: expected .*, got 'long'$/)
    refused({data: {labels: 'l.npy'}}, /^--labels: expected --data with it/)
    refused(3, /expected object, got 3$/)
  })

  it('asks for what has no default', () => {
    expect(() => parseOptions(distillOptions, {distill: {}})).to.throw(
      /^distill\.student: expected string, got nothing$/,
    )
  })

  it('keeps names that every object has', () => {
    const dims = Object.fromEntries([
      ['__proto__', 3],
      ['constructor', 4],
    ])
    const {run} = parseOptions(quantizeOptions, {run: {dims}})
    expect(Object.entries(run.dims)).to.deep.equal(Object.entries(dims))
  })
})
