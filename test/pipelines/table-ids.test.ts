import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {checkIds, tableSizes} from '../../src/pipelines/table-ids.js'

describe('tableSizes', () => {
  it('are the rows of what an input is looked up in, also behind a cast, and the fewest of several', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const table = (rows: number) => build.floats(new Float32Array(rows * 2), [rows, 2])
    const [ids, other, x] = [
      build.input('ids', ['N'], 'int64'),
      build.input('other', ['N'], 'int32'),
      build.input('x', ['N', 5]),
    ]
    build.output(build.op('Gather', [table(9), ids]))
    build.output(build.op('Gather', [table(7), build.op('Cast', [ids], {to: 6})]))
    build.output(build.op('Gather', [build.floats([1, 2, 3]), other]))
    build.output(build.op('Gather', [x, build.ints([1])], {axis: 1}))
    inferModel(emptyModel(graph))
    expect([...tableSizes(graph)]).to.deep.equal([['ids', 7]])
  })
})

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
