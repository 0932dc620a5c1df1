import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import type {Value} from '../../../src/ir/value.js'
import {smallestLengthTable} from '../../../src/runtime/inputs/length-tables.js'

describe('smallestLengthTable', () => {
  const found = (write: (build: GraphBuilder, length: Value, x: Value) => void) => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const x = build.input('x', ['N', 'T'])
    write(build, build.op('Gather', [build.op('Shape', [x]), build.ints([1])]), x)
    return smallestLengthTable(graph)
  }
  const table = (build: GraphBuilder, ...shape: number[]) =>
    build.floats(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape)

  it('is that of positions, counted up to a length', () => {
    const rows = found((build, length) => {
      const range = build.op('Range', [build.scalar(0, 'int64'), length, build.scalar(1, 'int64')])
      build.op('Gather', [table(build, 20, 2), range])
      build.op('Gather', [table(build, 12, 2), range])
    })
    expect(rows).to.equal(12)
  })

  it('is that which a length cuts, along the axis that is cut', () => {
    expect(
      found((build, length) => build.op('Slice', [table(build, 1, 9), build.ints([0]), length, build.ints([1])])),
    ).to.equal(9)
    expect(found((build, length) => build.op('Slice', [table(build, 8, 9), build.ints([0]), length]))).to.equal(8)
  })

  it('knows how exporters of old counted', () => {
    const rows = found((build, length) => {
      const range = build.op('Squeeze', [build.op('NonZero', [build.op('ConstantOfShape', [length])])])
      build.op('Gather', [table(build, 16, 2), range])
    })
    expect(rows).to.equal(16)
  })

  it('is none for ids, for lists, and for chains too long to follow', () => {
    const none = Number.POSITIVE_INFINITY
    expect(found((build, _, x) => build.op('Gather', [table(build, 5, 2), x]))).to.equal(none)
    expect(found((build, length) => build.op('Gather', [table(build, 5), length]))).to.equal(none)
    const long = found((build, length) => {
      let index = length
      for (let step = 0; step < 40; step++) index = build.op('Identity', [index])
      build.op('Gather', [table(build, 5, 2), index])
    })
    expect(long).to.equal(none)
    expect(smallestLengthTable(new Graph())).to.equal(none)
  })
})
