import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import type {Node} from '../../../src/ir/node.js'
import {float32, tensorOf} from '../../../src/ir/tensor.js'
import type {Value} from '../../../src/ir/value.js'
import {lookup} from '../../../src/ops/registry.js'
import {selectParameters, tieEqual, untieConstants} from '../../../src/train/step/parameters.js'

const specOf = (node: Node) => lookup(node, 17)

describe('selectParameters', () => {
  it('finds weights and biases by their slots, and neither scalars nor constants that steer', () => {
    const {graph, build, x} = start()
    const scaled = build.op('Mul', [x, build.scalar(-10000)])
    const shaped = build.op('Reshape', [scaled, build.ints([-1, 4])])
    const limited = build.op('Clip', [shaped, build.scalar(0), build.scalar(6)])
    const y = build.op('MatMul', [limited, build.floats([1, 2, 3, 4, 5, 6, 7, 8], [4, 2], 'w')])
    build.output(build.op('Add', [y, build.floats([1, 2], [2], 'b')]))
    const {trainable, frozen} = selectParameters(graph, specOf)
    expect(trainable.map(({value, role}) => [value.name, role])).to.deep.equal([
      ['w', 'weight'],
      ['b', 'bias'],
    ])
    expect(frozen).to.deep.equal([])
  })

  it('leaves running statistics alone', () => {
    const {graph, build, x} = start()
    const vectors = ['scale', 'bias', 'mean', 'var'].map((name) => build.floats([1, 1, 1, 1], [4], name))
    build.output(build.op('BatchNormalization', [x, ...vectors]))
    expect(names(graph)).to.deep.equal(['scale', 'bias'])
  })

  it('says why a constant in a parameter slot is not trained', () => {
    const {graph, build, x} = start()
    const half = build.constant(tensorOf('float16', [4, 2], new Uint16Array(8)), 'half')
    build.output(build.op('MatMul', [x, build.floats([1, 2, 3, 4], [4, 1], 'w')], {}, {name: 'head'}))
    build.output(build.op('MatMul', [x, half]))
    const {trainable, frozen} = selectParameters(graph, specOf, (name) => name === 'head')
    expect(trainable).to.deep.equal([])
    expect(frozen).to.deep.equal([
      {name: 'w', reason: 'frozen as asked'},
      {name: 'half', reason: 'its elements are float16: training takes float32'},
    ])
  })
})

describe('untieConstants', () => {
  it('gives two layers that an exporter made share a bias one each, also through Identity', () => {
    const {graph, build, x} = start()
    const bias = build.floats([1, 2, 3, 4], [4], 'b')
    const first = build.op('Gemm', [x, square(build, 'w1'), bias])
    const second = build.op('Gemm', [first, square(build, 'w2'), build.op('Identity', [bias])])
    build.output(build.op('Gemm', [second, square(build, 'w3'), bias]))
    expect(untieConstants(graph, specOf)).to.have.length(2)
    const biases = graph.nodes().flatMap((node) => (node.opType === 'Gemm' ? [node.inputs[2]] : []))
    expect(new Set(biases).size).to.equal(3)
    for (const one of biases) expect([...(one?.constant?.read() ?? [])]).to.deep.equal([1, 2, 3, 4])
  })

  it('lets a layer that is used twice keep its one bias, and larger tensors theirs', () => {
    const {graph, build, x} = start()
    const [w, b] = [square(build, 'w'), build.floats([1, 2, 3, 4], [4], 'b')]
    build.output(build.op('Gemm', [build.op('Gemm', [x, w, b]), w, b]))
    expect(untieConstants(graph, specOf)).to.deep.equal([])
  })

  it('parts scale, bias and running statistics of normalizations from equal ones', () => {
    const {graph, build, x} = start()
    const [ones, zeros] = [build.floats([1, 1, 1, 1], [4], 'ones'), build.floats([0, 0, 0, 0], [4], 'zeros')]
    const first = build.op('BatchNormalization', [x, ones, zeros, zeros, ones])
    build.output(build.op('BatchNormalization', [first, ones, zeros, zeros, ones]))
    untieConstants(graph, specOf)
    const own = graph.nodes().flatMap((node) => node.inputs.slice(1))
    expect(new Set(own).size).to.equal(8)
    expect(own.map((value) => value?.constant?.read()[0])).to.deep.equal([1, 0, 0, 1, 1, 0, 0, 1])
  })

  it('is taken back for those that are the same again', () => {
    const {graph, build, x} = start()
    const bias = build.floats([1, 2, 3, 4], [4], 'b')
    let y = x
    for (const name of ['w1', 'w2', 'w3', 'w4']) y = build.op('Gemm', [y, square(build, name), bias])
    build.output(y)
    const untied = untieConstants(graph, specOf)
    const [, moved, alike] = untied.map(({copy}) => copy) as [Value, Value, Value]
    for (const value of [moved, alike]) graph.setConstant(value, float32([1, 2, 3, 5]))
    tieEqual(graph, untied)
    const biases = graph.nodes().map((node) => [...(node.inputs[2]?.constant?.read() ?? [])])
    expect(biases).to.deep.equal([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 5],
      [1, 2, 3, 5],
    ])
    expect(new Set(graph.nodes().map((node) => node.inputs[2])).size).to.equal(2)
    expect(graph.constants()).to.have.length(4 + 2)
  })
})

function start() {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  return {graph, build, x: build.input('x', ['N', 4])}
}

function square(build: GraphBuilder, name: string) {
  return build.floats(
    Array.from({length: 16}, (_, index) => index),
    [4, 4],
    name,
  )
}

function names(graph: Graph): string[] {
  return selectParameters(graph, specOf).trainable.map(({value}) => value.name)
}
