import {expect} from 'chai'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Node} from '../../../../src/ir/node.js'
import {float32, readFloat32, type Tensor} from '../../../../src/ir/tensor.js'
import {storedInBlocks, storedWhole} from '../../../../src/passes/quantize/weights/stored-weight.js'

const counted = (shape: readonly number[]): Tensor =>
  float32(
    Array.from({length: shape.reduce((product, size) => product * size, 1)}, (_, i) => i),
    shape,
  )

/** A node that reads the weight in slot 1. */
function reader(opType: string, weight: Tensor, attributes: Record<string, number> = {}): Node {
  const build = new GraphBuilder(new Graph())
  return build.node(opType, [build.input('x', undefined), build.constant(weight)], attributes)
}

describe('storedWhole', () => {
  it('keeps the weight as it is, and emits nothing', () => {
    const weight = counted([2, 3])
    const stored = storedWhole(weight, 0)
    const build = new GraphBuilder(new Graph())
    const value = build.input('w', [2, 3])
    expect(stored).to.include({tensor: weight, axis: 0})
    expect(stored.restore(build, value)).to.equal(value)
    expect(build.graph.nodeCount).to.equal(0)
  })
})

describe('storedInBlocks', () => {
  it('lays the columns of a product out as rows: its sums run along them', () => {
    const weight = counted([16, 2])
    const {tensor, axis} = storedInBlocks(weight, reader('MatMul', weight), 1, 8)
    expect(axis).to.equal('rows')
    expect(tensor.shape).to.deep.equal([2, 2, 8])
    expect([...readFloat32(tensor).subarray(0, 8)]).to.deep.equal([0, 2, 4, 6, 8, 10, 12, 14])
  })

  it('leaves the rows of a transposed Gemm weight, and the filters of a Conv, in place', () => {
    const matrix = counted([2, 16])
    expect(storedInBlocks(matrix, reader('Gemm', matrix, {transB: 1}), 1, 8).tensor.shape).to.deep.equal([2, 2, 8])
    const filters = counted([3, 4, 3, 3])
    const stored = storedInBlocks(filters, reader('Conv', filters), 1, 32)
    // the largest divisor of 36 not above 32
    expect(stored.tensor.shape).to.deep.equal([3, 2, 18])
    expect([...readFloat32(stored.tensor)]).to.deep.equal([...readFloat32(filters)])
  })

  it('takes whole rows where only tiny blocks would divide them', () => {
    const weight = counted([2, 34])
    const gemm = reader('Gemm', weight, {transB: 1})
    expect(storedInBlocks(weight, gemm, 1, 16).tensor.shape).to.deep.equal([2, 1, 34])
    expect(storedInBlocks(weight, gemm, 1, 17).tensor.shape).to.deep.equal([2, 2, 17])
  })

  it('emits Reshape and Transpose to give the product its matrix back', () => {
    const weight = counted([16, 2])
    const stored = storedInBlocks(weight, reader('MatMul', weight), 1, 8)
    const build = new GraphBuilder(new Graph())
    stored.restore(build, build.input('blocks', [2, 2, 8]))
    expect(build.graph.nodes().map(({opType}) => opType)).to.deep.equal(['Reshape', 'Transpose'])
    const [reshape] = build.graph.nodes()
    expect(reshape?.inputs[1]?.constant?.read()).to.deep.equal(BigInt64Array.of(2n, 16n))
  })
})
