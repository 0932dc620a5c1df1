import {expect} from 'chai'
import {countParameters, parametersOf} from '../../src/facts/parameters.js'
import {isQuantized, quantizationState, quantizationText} from '../../src/facts/quantization-state.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {tensorOf} from '../../src/ir/tensor.js'

function int8(values: readonly number[], shape: readonly number[]) {
  return tensorOf('int8', shape, Int8Array.from(values))
}

function stateOf(graph: Graph): string {
  return quantizationText(quantizationOf(graph))
}

function quantizationOf(graph: Graph) {
  return quantizationState(graph, countParameters(parametersOf(graph), {zeros: false}))
}

/** One MatMul whose activation and weight go through what is given. */
function matMul(activation: 'float' | 'qdq', weight: 'float' | 'dq' | 'cast'): Graph {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const x = build.input('x', ['N', 2])
  const quantizer = () => [build.scalar(0.1), build.scalar(0, 'uint8')] as const
  const a =
    activation === 'float'
      ? x
      : build.op('DequantizeLinear', [build.op('QuantizeLinear', [x, ...quantizer()]), ...quantizer()])
  const stored = () => build.constant(int8([1, 0, 3, 0], [2, 2]))
  const w = {
    float: () => build.floats([1, 0, 3, 4], [2, 2]),
    dq: () => build.op('DequantizeLinear', [stored(), build.floats([0.1, 0.2]), build.constant(int8([0, 0], [2]))]),
    cast: () => build.op('Mul', [build.op('Cast', [stored()], {to: 1}), build.floats([0.1, 0.2])]),
  }[weight]()
  build.output(build.op('MatMul', [a, w]))
  return graph
}

describe('quantizationState', () => {
  it('tells the forms apart by how a layer gets its weight and its activation', () => {
    expect(stateOf(matMul('float', 'float'))).to.equal('float32')
    expect(stateOf(matMul('qdq', 'dq'))).to.equal('static QDQ int8 (1 layer)')
    expect(stateOf(matMul('float', 'dq'))).to.equal('weights-only int8 (1 layer)')
    expect(stateOf(matMul('float', 'cast'))).to.equal('weights-only int8 (1 layer)')
  })

  it('recognizes dynamic quantization, integer embeddings and float16', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const rows = build.op('Gather', [build.constant(int8([1, 2, 3, 4], [2, 2])), build.input('ids', ['N'], 'int64')])
    const x = build.op('DequantizeLinear', [rows, build.scalar(0.1)])
    const [xq] = build.node('DynamicQuantizeLinear', [x], {}, {outputs: 3}).outputs
    build.output(build.op('MatMulInteger', [xq, build.constant(int8([1, 2, 3, 4], [2, 2]))]))
    expect(stateOf(graph)).to.equal('weights-only int8 (1 layer), dynamic int8 (1 layer)')

    const half = new Graph()
    const halfBuild = new GraphBuilder(half)
    const weight = halfBuild.constant(tensorOf('float16', [2, 2], new Uint16Array(4)))
    halfBuild.output(halfBuild.op('MatMul', [halfBuild.input('x', ['N', 2], 'float16'), weight]))
    expect(stateOf(half)).to.equal('float16')
  })
})

describe('isQuantized', () => {
  it('goes by the forms, whatever the integers', () => {
    expect(isQuantized(quantizationOf(matMul('float', 'float')))).to.equal(false)
    expect(quantizationOf(matMul('qdq', 'dq'))).to.deep.equal({
      forms: [{form: 'static QDQ', dtype: 'int8', layers: 1}],
      floatType: 'float32',
    })
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const blocks = build.constant(tensorOf('uint8', [1, 1, 6], new Uint8Array(6)))
    const attributes = {K: 16, N: 1, bits: 3, block_size: 16}
    build.output(build.op('MatMulNBits', [build.input('x', [1, 16]), blocks, build.floats([1], [1])], attributes))
    expect(stateOf(graph)).to.equal('weights-only int3 (1 layer)')
    expect(isQuantized(quantizationOf(graph))).to.equal(true)
  })
})

describe('countParameters', () => {
  it('counts what is learned, not scales, zero points, shapes and scalars', () => {
    const parameters = parametersOf(matMul('qdq', 'dq'))
    expect(countParameters(parameters, {zeros: true})).to.deep.equal({count: 4, bytes: 4, zeros: 2, byDtype: {int8: 4}})
    expect(countParameters(parametersOf(matMul('float', 'cast')), {zeros: true}).byDtype).to.deep.equal({int8: 4})
  })

  it('takes the zero point for zero', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const weight = build.constant(tensorOf('uint8', [4], Uint8Array.of(128, 0, 128, 1)))
    const w = build.op('DequantizeLinear', [weight, build.scalar(0.1), build.scalar(128, 'uint8')])
    build.output(build.op('Add', [build.input('x', [4]), w]))
    expect(countParameters(parametersOf(graph), {zeros: true}).zeros).to.equal(2)
  })

  it('leaves weights unread when zeros are not asked for', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const read = () => {
      throw new Error('read')
    }
    build.output(build.op('Add', [build.input('x', [4]), build.constant({dtype: 'float32', shape: [4], read})]))
    expect(countParameters(parametersOf(graph), {zeros: false})).to.include({count: 4, zeros: null})
  })
})
