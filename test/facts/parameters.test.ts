import {expect} from 'chai'
import {countParameters, isParameter, isSmallInteger, parametersOf} from '../../src/facts/parameters.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {tensorOf} from '../../src/ir/tensor.js'
import type {Value} from '../../src/ir/value.js'

function built<T>(write: (build: GraphBuilder) => T): {graph: Graph; result: T} {
  const graph = new Graph()
  return {graph, result: write(new GraphBuilder(graph))}
}

const zerosOf = (...values: Value[]) => countParameters(values, {zeros: true}).zeros

describe('isParameter', () => {
  const used = (op: string, slot: number, write: (build: GraphBuilder) => Value) => {
    const build = new GraphBuilder(new Graph())
    const value = write(build)
    build.op(
      op,
      Array.from({length: slot + 1}, (_, index) => (index === slot ? value : build.input(`x${index}`, [2]))),
    )
    return isParameter(value)
  }

  it('takes weights, not shapes, indices, scales and scalars', () => {
    const floats = (build: GraphBuilder) => build.floats([1, 2])
    expect(used('MatMul', 1, floats)).to.equal(true)
    expect(used('DequantizeLinear', 1, floats)).to.equal(false)
    expect(used('BatchNormalization', 2, floats)).to.equal(true)
    expect(used('BatchNormalization', 3, floats)).to.equal(false)
    expect(used('Reshape', 1, (build) => build.ints([1, 2]))).to.equal(false)
    expect(used('Pow', 1, (build) => build.scalar(2))).to.equal(false)
  })

  it('takes int32 only for the bias of an integer layer', () => {
    const bias = (build: GraphBuilder) => build.constant(tensorOf('int32', [2], Int32Array.of(1, 2)))
    expect(used('QLinearConv', 8, bias)).to.equal(true)
    expect(used('Gather', 1, bias)).to.equal(false)
  })

  it('is not misled by operators that are called like parts of the language', () => {
    for (const name of ['toString', 'constructor', '__proto__']) {
      expect(
        used(name, 1, (build) => build.floats([1, 2])),
        name,
      ).to.equal(true)
    }
  })
})

describe('isSmallInteger', () => {
  it('is one of eight bits or less', () => {
    expect((['int8', 'uint8', 'int4', 'uint2'] as const).every(isSmallInteger)).to.equal(true)
    expect((['int16', 'int32', 'float32', 'bool', undefined] as const).some(isSmallInteger)).to.equal(false)
  })
})

describe('parametersOf', () => {
  it('names each once however often it is used', () => {
    const {graph, result} = built((build) => {
      const weight = build.floats([1, 2], [1, 2])
      build.output(build.op('Add', [build.op('Mul', [weight, build.input('x', [1, 2])]), weight]))
      return weight
    })
    expect(parametersOf(graph)).to.deep.equal([result])
  })
})

describe('countParameters', () => {
  it('adds up elements and bytes by type', () => {
    const {result} = built((build) => [
      build.floats([0, 1, -0], [3]),
      build.constant(tensorOf('int8', [2, 2], Int8Array.of(0, 1, 0, 2))),
    ])
    expect(countParameters(result, {zeros: true})).to.deep.equal({
      ...{count: 7, bytes: 3 * 4 + 4, zeros: 4},
      byDtype: {float32: 3, int8: 4},
    })
    expect(countParameters(result, {zeros: false}).zeros).to.equal(null)
    expect(countParameters([], {zeros: true})).to.deep.equal({count: 0, bytes: 0, zeros: 0, byDtype: {}})
  })

  it('sees a zero of either sign in floats that are kept as bits', () => {
    const {result} = built((build) => build.constant(tensorOf('float16', [4], Uint16Array.of(0, 0x8000, 1, 0x3c00))))
    expect(zerosOf(result)).to.equal(2)
  })

  it('counts the zero point for 0, and does not tell where channels have their own', () => {
    const quantized = (points: number[]) => {
      const build = new GraphBuilder(new Graph())
      const weight = build.constant(tensorOf('uint8', [2, 2], Uint8Array.of(128, 0, 128, 3)))
      const point = build.constant(tensorOf('uint8', [points.length], Uint8Array.from(points)))
      build.op('DequantizeLinear', [weight, build.floats(points.map(() => 0.1)), point])
      return zerosOf(weight)
    }
    expect(quantized([128])).to.equal(2)
    expect(quantized([128, 128])).to.equal(2)
    expect(quantized([128, 0])).to.equal(null)
  })

  it('does not tell the zeros of packed types', () => {
    const {result} = built((build) => build.constant(tensorOf('int4', [2], Uint8Array.of(0))))
    expect(zerosOf(result)).to.equal(null)
  })
})
