import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import {tensorType} from '../../../src/ir/types.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import * as file from '../../../src/ops/sequence/optional.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {shapesOf} from '../../support/operators/sequence-shapes.js'

describeOperators(file)

describe('optional operators', () => {
  it('hand on what they hold', async () => {
    const shapes = await shapesOf((build) => {
      const kept = build.op('Optional', [build.input('a', ['N', 4])])
      return [build.op('OptionalGetElement', [kept]), build.op('OptionalHasElement', [kept])]
    })
    expect(shapes).to.deep.equal([['N', 4], []])
  })

  it('take a tensor for itself since opset 18', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const value = build.output(build.op('OptionalGetElement', [build.input('a', [3])]))
    inferModel(emptyModel(graph, 18))
    expect(value.type).to.deep.equal(tensorType('float32', [3]))
  })
})
