import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {type KnownSizes, sizeRelations} from '../../../src/pipelines/transform/size-relations.js'

describe('sizeRelations', () => {
  const relationsOf = (write: (build: GraphBuilder) => void, known: Partial<KnownSizes> = {}) => {
    const graph = new Graph()
    write(new GraphBuilder(graph))
    const model = emptyModel(graph, 17)
    inferModel(model)
    const found = sizeRelations(model, {shapes: {}, dims: {}, ...known})
    return {...found, inputs: Object.fromEntries(found.inputs)}
  }
  const weight = (build: GraphBuilder, ...shape: number[]) =>
    build.floats(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape)

  it('gives free sizes without a name that of their place', () => {
    const {inputs, relations} = relationsOf((build) =>
      build.output(build.op('Relu', [build.input('x', [undefined, 3, 'T'])])),
    )
    expect(inputs).to.deep.equal({x: ['?x/0', 3, 'T']})
    expect(relations).to.deep.equal([])
  })

  it('asks what a product of matrices asks', () => {
    const {relations} = relationsOf((build) =>
      build.output(build.op('MatMul', [build.input('x', [1, 'T']), weight(build, 5, 2)])),
    )
    expect(relations).to.deep.include({kind: 'equal', left: 'T', right: 5})
  })

  it('makes names one that must be equal', () => {
    const {inputs} = relationsOf((build) => {
      build.output(build.op('MatMul', [build.input('a', [1, 'S']), build.input('b', ['T', 2])]))
    })
    expect(inputs.a?.[1]).to.equal(inputs.b?.[0])
  })

  it('takes sizes that are known from elsewhere', () => {
    const {inputs} = relationsOf((build) => build.output(build.op('Relu', [build.input('x', ['N', 'T'])])), {
      shapes: {x: [0, 7]},
      dims: {N: 4},
    })
    expect(inputs).to.deep.equal({x: [4, 7]})
  })

  it('does not change the model', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    build.output(build.op('Relu', [build.input('x', [undefined, 3])]))
    const model = emptyModel(graph, 17)
    inferModel(model)
    sizeRelations(model, {shapes: {}, dims: {}})
    const [x] = graph.inputs
    expect(x?.type?.kind === 'tensor' ? x.type.shape : []).to.deep.equal([undefined, 3])
  })
})
