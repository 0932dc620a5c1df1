import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {isTied, readWeight} from '../../../../src/passes/quantize/weights/read-weight.js'
import {modelOf, randomFloats} from '../../../support/pass-trial.js'

/** The last node of a graph with a 4 x 4 matrix `w` and an input `x`. */
function last(write: (build: GraphBuilder, x: Value, w: Value) => Value) {
  const {graph} = modelOf((build) => {
    const w = build.floats(randomFloats(16), [4, 4], 'w')
    build.output(write(build, build.input('x', [4, 4]), w))
  })
  const node = graph.nodes().at(-1)
  if (!node) throw new Error('expected a node')
  return node
}

const read = (write: Parameters<typeof last>[0]) => {
  const found = readWeight(last(write))
  return found && [found.weight.name, found.isTurned]
}

describe('readWeight', () => {
  it('finds the matrix of a product or a Gather, and whether it is turned around', () => {
    expect(read((build, x, w) => build.op('MatMul', [x, w]))).to.deep.equal(['w', false])
    expect(read((build, x, w) => build.op('MatMul', [x, build.op('Transpose', [w])]))).to.deep.equal(['w', true])
    expect(read((build, x, w) => build.op('Gemm', [x, w], {transB: 1}))).to.deep.equal(['w', true])
    expect(read((build, _, w) => build.op('Gather', [w, build.ints([1])]))).to.deep.equal(['w', false])
  })

  it('finds none where it is computed, or only copied by the Transpose', () => {
    expect(read((build, x, w) => build.op('MatMul', [x, build.op('Abs', [w])]))).to.equal(undefined)
    const copied = (build: GraphBuilder, x: Value, w: Value) =>
      build.op('MatMul', [x, build.op('Transpose', [w], {perm: [0, 1]})])
    expect(read(copied)).to.equal(undefined)
  })
})

describe('isTied', () => {
  const tied = (write: Parameters<typeof last>[0]) =>
    last(write)
      .graph.constants()
      .filter(isTied)
      .map(({name}) => name)

  it('is a table that a product reads turned around', () => {
    expect(tied((build, x, w) => build.op('Gemm', [x, w], {transB: 1}))).to.deep.equal(['w'])
    expect(tied((build, x, w) => build.op('MatMul', [x, build.op('Transpose', [w])]))).to.deep.equal(['w'])
    expect(tied((build, x, w) => build.op('MatMul', [x, w]))).to.be.empty
  })
})
