import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import {dataOptions} from '../../src/options/common.js'
import {parseOptions} from '../../src/options/parse-options.js'

describe('checkedData', () => {
  const refused = (given: unknown, message: string, hint?: RegExp) => {
    try {
      parseOptions(dataOptions, given)
    } catch (error) {
      expect(error).to.be.instanceOf(UsageError)
      expect((error as UsageError).message).to.equal(message)
      if (hint) expect((error as UsageError).hint).to.match(hint)
      return
    }
    throw new Error('expected a refusal')
  }

  it('asks for the samples that labels are of', () => {
    refused({labels: 'l.npy'}, '--labels: expected --data with it, got none', /Add --data FILE/)
    refused({evalLabels: 'l.npy', samples: 'x.npy'}, '--eval-labels: expected --eval with it, got none')
    expect(parseOptions(dataOptions, {samples: 'x.npy', labels: 'l.npy'}).labels).to.equal('l.npy')
  })

  it('takes a number of the preprocessing from one place only', () => {
    refused(
      {preprocessFile: 'p.json', preprocess: {mean: [0.5]}},
      '--mean: expected it in p.json, got both',
      /single flags/,
    )
    const {preprocess} = parseOptions(dataOptions, {preprocessFile: 'p.json', preprocess: {channels: 'gray'}})
    expect(preprocess).to.deep.equal({channels: 'gray'})
  })

  it('does not divide by 0 or less', () => {
    refused({preprocess: {std: [0.5, 0]}}, "--std: expected values above 0, got '0.5,0'")
    refused({preprocess: {std: [-1]}}, "--std: expected values above 0, got '-1'")
  })
})
