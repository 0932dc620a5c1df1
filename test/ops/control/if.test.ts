import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {ShapeError} from '../../../src/errors.js'
import type {Graph} from '../../../src/ir/graph.js'
import type {Model} from '../../../src/ir/model.js'
import type {Value} from '../../../src/ir/value.js'
import * as file from '../../../src/ops/control/if.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../../src/ops/operand.js'
import {expectReal, modelWith, subgraph} from '../../support/operators/control.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {runGraph, sampleTensor} from '../../support/run-graph.js'

describeOperators(file)

describe('If', () => {
  it('knows the sizes on which both branches agree, captures included', async () => {
    const model = modelWith((build) => {
      const x = build.input('x', ['N', 4])
      const then_branch = subgraph(build.graph, (inner) => [inner.op('Relu', [x])])
      const else_branch = subgraph(build.graph, (inner) => [inner.op('Concat', [x, x], {axis: 1})])
      return [build.op('If', [build.input('c', [], 'bool')], {then_branch, else_branch})]
    })
    const feeds = {x: sampleTensor('float32', [2, 4]), c: new OrtTensor('bool', Uint8Array.of(1), [])}
    expect(await expectReal(model, feeds)).to.deep.equal([['N', undefined]])
  })
})

describe('If with a condition that is known', () => {
  /** What PyTorch writes for `x.squeeze(1)`. */
  function squeezed(): Model {
    return modelWith((build) => {
      const x = build.input('x', ['N', 'C', 4])
      const length = build.op('Gather', [build.op('Shape', [x]), build.scalar(1, 'int64')])
      const isOne = build.op('Equal', [length, build.scalar(1, 'int64')])
      const then_branch = subgraph(build.graph, (inner) => [inner.op('Squeeze', [x, build.ints([1])])])
      const else_branch = subgraph(build.graph, (inner) => [inner.op('Identity', [x])])
      return [build.op('If', [isOne], {then_branch, else_branch})]
    })
  }

  for (const C of [1, 3]) {
    it(`follows the branch that runs for a size of ${C}`, async () => {
      const results = await runGraph(squeezed(), {x: sampleTensor('float32', [2, C, 4])})
      const model = squeezed()
      inferModel(model, {dims: {N: 2, C}})
      const [output] = model.graph.outputs as [Value]
      expect(shapeOf(output)).to.deep.equal(results[output.name]?.dims)
    })
  }

  it('knows not even the rank while the size is free', () => {
    const model = squeezed()
    inferModel(model)
    expect(model.graph.outputs.map(shapeOf)).to.deep.equal([undefined])
    expect(model.graph.outputs.map(dtypeOf)).to.deep.equal(['float32'])
  })

  it('refuses a model of which both branches contradict its sizes', () => {
    const model = modelWith((build) => {
      const x = build.input('x', ['N', 3])
      const bad = (graph: Graph) => subgraph(graph, (inner) => [inner.op('Squeeze', [x, build.ints([1])])])
      const branches = {then_branch: bad(build.graph), else_branch: bad(build.graph)}
      return [build.op('If', [build.input('c', [], 'bool')], branches)]
    })
    expect(() => inferModel(model)).to.throw(ShapeError)
  })
})
