import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {indexedRows, type Lookup} from '../../src/ir/indexed-rows.js'

const LOOKUP: Lookup = {
  rowsAt: ({opType, inputs: [table]}, slot) =>
    opType === 'Gather' && slot === 1 ? table?.constant?.shape[0] : undefined,
  carries: ({opType}, slot) => opType === 'Reshape' && slot === 0,
}

describe('indexedRows', () => {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const table = (rows: number) => build.floats(new Float32Array(rows * 2), [rows, 2])
  const [ids, sizes, data] = [
    build.input('ids', ['N'], 'int64'),
    build.input('sizes', [1], 'int64'),
    build.input('data', [9]),
  ]
  build.output(build.op('Gather', [table(9), ids]))
  build.output(build.op('Gather', [table(7), build.op('Reshape', [build.op('Reshape', [ids, sizes]), sizes])]))
  build.output(build.op('Gather', [table(5), build.op('Neg', [ids])]))
  build.output(build.op('Gather', [data, build.ints([1])]))

  it('is the smallest table, through what hands the value on and nothing else', () => {
    expect(indexedRows(ids, LOOKUP)).to.equal(7)
  })

  it('goes by the slot: shapes and tables are no ids', () => {
    expect([sizes, data].map((value) => indexedRows(value, LOOKUP))).to.deep.equal([undefined, undefined])
  })
})
