import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import {parseOptions} from '../../src/options/parse-options.js'
import {pruneOptions, recovery} from '../../src/options/prune.js'

describe('pruneOptions', () => {
  it('trains nothing unless it is asked to, and starts from no new weights', () => {
    expect(parseOptions(pruneOptions, {})).to.deep.include({
      prune: {sparsity: 0.3, structure: 'none', repair: 'auto', roundTo: 8, scope: 'global', exclude: [], include: []},
    })
    expect(parseOptions(recovery, {}).epochs).to.equal(0)
    expect(() => parseOptions(recovery, {reinitialize: true})).to.throw(UsageError, "got 'reinitialize'")
  })

  it('takes a share of the weights', () => {
    for (const sparsity of [-0.1, 1.01, Number.NaN, '30%']) {
      expect(() => parseOptions(pruneOptions, {prune: {sparsity}}), String(sparsity)).to.throw(
        UsageError,
        /^prune\.sparsity: /,
      )
    }
    expect(parseOptions(pruneOptions, {prune: {sparsity: 1}}).prune.sparsity).to.equal(1)
  })
})
