import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import {budgetOptions, dataWithoutBatch, feedOptions, judgeOptions, outputOptions} from '../../src/options/common.js'
import {parseOptions} from '../../src/options/parse-options.js'

describe('options of several verbs', () => {
  it('leave to mopt what has no default', () => {
    expect(parseOptions(outputOptions, {})).to.deep.equal({
      ...{force: false, externalData: 'auto', verify: true, time: true, checkShapes: {}},
    })
    expect(parseOptions(budgetOptions, {})).to.deep.equal({strict: false})
    expect(parseOptions(feedOptions, {})).to.deep.equal({inputShapes: {}, dims: {}, feed: {}, seed: 0})
  })

  it('take a seed of 32 bits', () => {
    expect(parseOptions(feedOptions, {seed: 2 ** 32 - 1}).seed).to.equal(4294967295)
    expect(() => parseOptions(feedOptions, {seed: 2 ** 32})).to.throw(UsageError, /^seed: expected .*, got 4294967296$/)
    expect(() => parseOptions(feedOptions, {seed: 0.5})).to.throw(UsageError, /^seed: /)
  })

  it('take sizes of 0 in the shape of an input, not for a named dimension', () => {
    expect(parseOptions(feedOptions, {inputShapes: {x: [0, 3]}}).inputShapes).to.deep.equal({x: [0, 3]})
    expect(() => parseOptions(feedOptions, {dims: {N: 0}})).to.throw(UsageError, /^dims\.N: .*, got 0$/)
  })

  it('take kinds of outputs by any name, with a threshold or without', () => {
    const outputKinds = JSON.parse('{"__proto__": {"kind": "mask", "threshold": 0.3}}')
    expect(Object.keys(parseOptions(judgeOptions, {outputKinds}).outputKinds)).to.deep.equal(['__proto__'])
    expect(() => parseOptions(judgeOptions, {outputKinds: {y: {kind: 'picture'}}})).to.throw(
      UsageError,
      /outputKinds\.y\.kind/,
    )
  })

  it('have no batch of samples where that is a matter of the verb', () => {
    expect(() => parseOptions(dataWithoutBatch, {batch: 2})).to.throw(UsageError, "got 'batch'")
  })
})
