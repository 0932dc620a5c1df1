import {expect} from 'chai'
import {DataError} from '../../../src/errors.js'
import {checkIds} from '../../../src/pipelines/train/check-ids.js'

describe('checkIds', () => {
  const sizes = new Map([['ids', 4]])
  const check =
    (ids: readonly number[], size = 2, map = {}) =>
    () => {
      const data = BigInt64Array.from(ids, BigInt)
      checkIds(
        {inputs: {ids: {dtype: 'int64', shape: [2, ids.length / 2], data}}, size},
        sizes,
        {path: 'd.npz', seed: 0, map},
        10,
      )
    }

  it('takes rows of the table, from its end too, and does not look at padding', () => {
    expect(check([0, 3, -4, -1])).not.to.throw()
    expect(check([0, 3, 4, 4], 1)).not.to.throw()
  })

  it('names the sample, the array as it is called in the data, and the range', () => {
    expect(check([0, 1, 2, 4])).to.throw(DataError, "d.npz: sample 11 of array 'ids': expected ids 0 to 3, got 4")
    expect(check([-5, 1, 2, 3], 2, {tokens: 'ids'})).to.throw(
      DataError,
      "sample 10 of array 'tokens': expected ids 0 to 3, got -5",
    )
  })
})
