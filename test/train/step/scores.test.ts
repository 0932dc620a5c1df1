import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import type {Value} from '../../../src/ir/value.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {scoresOf} from '../../../src/train/step/scores.js'

describe('scoresOf', () => {
  it('finds the scores before a softmax, with the axis of the classes', () => {
    const {x, y} = behind((build, x) => build.op('Softmax', [x], {axis: -1}))
    expect(scoresOf(y)).to.deep.equal({value: x, activation: 'softmax', axis: 1})
  })

  it('steps over what only copies', () => {
    const {x, y} = behind((build, x) => build.op('Identity', [build.op('LogSoftmax', [x], {axis: 1})]))
    expect(scoresOf(y)).to.deep.equal({value: x, activation: 'softmax', axis: 1})
  })

  it('finds the scores before a sigmoid', () => {
    const {x, y} = behind((build, x) => build.op('Sigmoid', [x]))
    expect(scoresOf(y)).to.deep.equal({value: x, activation: 'sigmoid', axis: undefined})
  })

  it('takes any other output as it is', () => {
    const {y} = behind((build, x) => build.op('Identity', [build.op('Relu', [x])]))
    expect(scoresOf(y)).to.deep.equal({value: y, activation: undefined, axis: undefined})
  })
})

function behind(write: (build: GraphBuilder, x: Value) => Value): {x: Value; y: Value} {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const x = build.input('x', ['N', 3])
  const y = build.output(write(build, x))
  inferModel(emptyModel(graph))
  return {x, y}
}
