import {expect} from 'chai'
import {tableSizes} from '../../src/facts/input-tables.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import {inferModel} from '../../src/ops/infer-graph.js'

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
