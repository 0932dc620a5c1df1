import {expect} from 'chai'
import {float} from '../../src/ir/attribute.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {tensorType} from '../../src/ir/types.js'
import {printGraph, printType} from './print-graph.js'

describe('printGraph', () => {
  it('writes a line per input, constant, node and output', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const x = build.input('x', ['N', 4])
    const w = build.floats([1, 2, 3, 4, 5, 6, 7, 8], [2, 4], 'w')
    const y = build.op('Gemm', [x, w, undefined], {transB: 1, alpha: float(0.5)}, {name: 'fc', outputs: ['y']})
    build.output(build.op('Gelu', [y], {approximate: 'tanh'}, {domain: 'com.microsoft', outputs: ['z']}))

    expect(printGraph(graph).split('\n')).to.deep.equal([
      'input x: float32[N, 4]',
      'constant w: float32[2, 4]',
      'y = Gemm(x, w, _) {transB: 1, alpha: 0.5}',
      'z = com.microsoft.Gelu(y) {approximate: "tanh"}',
      'output z',
    ])
  })

  it('indents subgraphs under their node', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const branch = new Graph('then', graph)
    const inner = new GraphBuilder(branch)
    inner.output(inner.op('Relu', [build.input('x', [1])], {}, {outputs: ['r']}))
    build.output(build.op('If', [build.input('c', [], 'bool')], {then_branch: branch}, {outputs: ['y']}))

    expect(printGraph(graph)).to.include('y = If(c) {then_branch: graph}\n  r = Relu(x)\n  output r')
  })
})

describe('printType', () => {
  it('shows what is not known', () => {
    expect(printType(undefined)).to.equal('?')
    expect(printType(tensorType(undefined, undefined))).to.equal('?[...]')
    expect(printType(tensorType('int8', ['N', undefined, 3]))).to.equal('int8[N, ?, 3]')
    expect(printType({kind: 'sequence', element: tensorType('float32', [])})).to.equal('sequence(float32[])')
  })
})
