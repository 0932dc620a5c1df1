import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import type {Node} from '../../../src/ir/node.js'
import {lookup} from '../../../src/ops/registry.js'
import {reinitialize} from '../../../src/train/weights/reinitialize.js'

const specOf = (node: Node) => lookup(node, 17)

describe('reinitialize', () => {
  it('spreads a layer and its bias over what PyTorch spreads them over', () => {
    const graph = net()
    const drawn = reinitialize(graph, {specOf, seed: 0})
    expect(drawn).to.include.members(['conv', 'conv_bias', 'linear', 'linear_bias', 'lstm_w', 'table'])
    // 1 / sqrt(fan-in): 3 channels of 3 x 3; 4 features; the hidden size
    for (const [names, bound] of [
      [['conv', 'conv_bias'], 1 / Math.sqrt(27)],
      [['linear', 'linear_bias'], 1 / Math.sqrt(4)],
      [['lstm_w', 'lstm_r', 'lstm_b'], 1 / Math.sqrt(5)],
    ] as const) {
      for (const name of names) {
        const values = contents(graph, name)
        expect(Math.max(...values.map(Math.abs)), name).to.be.within(0.5 * bound, bound)
        expect(Math.min(...values), name).to.be.below(0)
      }
    }
    const table = contents(graph, 'table')
    const variance = table.reduce((sum, value) => sum + value * value, 0) / table.length
    expect(variance).to.be.within(0.7, 1.3)
  })

  it('starts normalizations anew, running statistics too', () => {
    const graph = net()
    reinitialize(graph, {specOf, seed: 0})
    const [scale, bias, mean, variance] = ['scale', 'bias', 'mean', 'variance'].map((name) => contents(graph, name))
    expect([scale, bias, mean, variance]).to.deep.equal([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ])
  })

  it('gives the same weights for the same seed, and other ones for another', () => {
    const graphs = [3, 3, 4].map((seed) => {
      const graph = net()
      reinitialize(graph, {specOf, seed})
      return contents(graph, 'conv')
    })
    expect(graphs[0]).to.deep.equal(graphs[1])
    expect(graphs[0]).not.to.deep.equal(graphs[2])
  })

  it('leaves alone what is frozen, what prepares the input, and single numbers', () => {
    const graph = net()
    const before = ['linear', 'pixel_mean', 'gain'].map((name) => contents(graph, name))
    reinitialize(graph, {specOf, seed: 0, isFrozen: (name) => name === 'linear'})
    expect(['linear', 'pixel_mean', 'gain'].map((name) => contents(graph, name))).to.deep.equal(before)
    expect(Math.abs(contents(graph, 'linear_bias')[0] ?? 9)).to.be.at.most(0.5)
  })
})

/** A layer of every kind; nothing runs it. */
function net(): Graph {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const nines = (shape: readonly number[], name: string) => {
    return build.floats(new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(9), shape, name)
  }
  const pixels = build.op('Sub', [build.input('x', ['N', 3, 8, 8]), nines([3, 1, 1], 'pixel_mean')])
  const maps = build.op('Conv', [pixels, nines([4, 3, 3, 3], 'conv'), nines([4], 'conv_bias')])
  const vectors = ['scale', 'bias', 'mean', 'variance'].map((name) => nines([4], name))
  const normal = build.op('BatchNormalization', [maps, ...vectors])
  const rows = build.op('Flatten', [build.op('GlobalAveragePool', [normal])])
  const product = build.op('MatMul', [rows, nines([4, 6], 'linear')])
  build.output(build.op('Mul', [build.op('Add', [product, nines([6], 'linear_bias')]), nines([1], 'gain')]))
  const words = build.op('Gather', [nines([40, 7], 'table'), build.input('ids', ['T', 'N'], 'int64')])
  const gates = [nines([1, 20, 7], 'lstm_w'), nines([1, 20, 5], 'lstm_r'), nines([1, 40], 'lstm_b')]
  build.output(build.op('LSTM', [words, ...gates], {hidden_size: 5}))
  return graph
}

function contents(graph: Graph, name: string): number[] {
  const value = graph.constants().find((constant) => constant.name === name)
  return [...((value?.constant?.read() ?? []) as Float32Array)]
}
