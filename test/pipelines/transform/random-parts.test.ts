import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import {randomParts} from '../../../src/pipelines/transform/random-parts.js'

describe('randomParts', () => {
  const partsOf = (write: (build: GraphBuilder) => void) => {
    const graph = new Graph()
    write(new GraphBuilder(graph))
    return randomParts(emptyModel(graph, 17), 'm.onnx')
  }

  it('are none where nothing is drawn, or nobody reads it', () => {
    const nothing = {outputs: [], warnings: []}
    expect(partsOf((build) => build.output(build.op('Relu', [build.input('x', [1])])))).to.deep.equal(nothing)
    const unread = partsOf((build) => {
      build.op('RandomNormal', [], {shape: [1]})
      build.output(build.op('Relu', [build.input('x', [1])]))
    })
    expect(unread).to.deep.equal(nothing)
  })

  it('are the outputs that depend on it, and those alone', () => {
    const {outputs, warnings} = partsOf((build) => {
      const x = build.input('x', [1])
      const noise = build.op('RandomNormalLike', [x], {}, {name: 'noise'})
      build.output(build.op('Add', [x, noise], {}, {outputs: ['noisy']}))
      build.output(build.op('Relu', [x], {}, {outputs: ['sure']}))
    })
    expect(outputs).to.deep.equal(['noisy'])
    expect(warnings).to.deep.equal([
      {
        code: 'RANDOM_MODEL',
        message:
          "output 'noisy' depends on random numbers (RandomNormalLike 'noise'): it is not held against the input's",
      },
    ])
  })

  it('are told of several outputs in the plural', () => {
    const {warnings} = partsOf((build) => {
      const noise = build.op('RandomNormal', [], {shape: [1]}, {name: 'noise'})
      for (const name of ['a', 'b']) build.output(build.op('Relu', [noise], {}, {outputs: [name]}))
    })
    expect(warnings[0]?.message).to.match(/^outputs 'a', 'b' depend on .*: they are not held/)
  })
})
