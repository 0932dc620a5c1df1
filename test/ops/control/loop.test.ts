import {expect} from 'chai'
import type {Value} from '../../../src/ir/value.js'
import * as file from '../../../src/ops/control/loop.js'
import {inferModel, macsOf} from '../../../src/ops/infer-graph.js'
import {shapeOf} from '../../../src/ops/operand.js'
import {expectReal, modelWith, subgraph} from '../../support/operators/control.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {sampleTensor} from '../../support/run-graph.js'

describeOperators(file)

describe('Loop', () => {
  it('widens carried sizes that grow and stacks the scan outputs', async () => {
    const model = modelWith((build) => {
      const [x, y] = [build.input('x', ['N', 3]), build.input('y', ['N', 3])]
      const body = subgraph(build.graph, (inner) => {
        inner.input('round', [], 'int64')
        const go = inner.input('go', [], 'bool')
        const [growing, steady] = [inner.input('growing', undefined), inner.input('steady', undefined)]
        const sum = inner.op('Relu', [steady])
        return [
          inner.op('Identity', [go]),
          inner.op('Concat', [growing, y], {axis: 1}),
          sum,
          inner.op('Identity', [sum]),
        ]
      })
      return [
        ...build.node('Loop', [build.scalar(3, 'int64'), build.scalar(1, 'bool'), x, y], {body}, {outputs: 3}).outputs,
      ] as Value[]
    })
    const feeds = {x: sampleTensor('float32', [2, 3]), y: sampleTensor('float32', [2, 3])}
    expect(await expectReal(model, feeds)).to.deep.equal([
      ['N', undefined],
      ['N', 3],
      [3, 'N', 3],
    ])
  })

  it('widens until nothing changes: a size that grows from the second round on is not taken for fixed', async () => {
    const model = modelWith((build) => {
      const [x, y] = [build.input('x', ['N', 3]), build.input('y', ['N', 3])]
      const body = subgraph(build.graph, (inner) => {
        inner.input('round', [], 'int64')
        const go = inner.input('go', [], 'bool')
        inner.input('late', undefined)
        const early = inner.input('early', undefined)
        return [inner.op('Identity', [go]), inner.op('Identity', [early]), inner.op('Concat', [early, x], {axis: 1})]
      })
      const node = build.node('Loop', [build.scalar(3, 'int64'), build.scalar(1, 'bool'), x, y], {body}, {outputs: 2})
      return [...node.outputs] as Value[]
    })
    const feeds = {x: sampleTensor('float32', [2, 3]), y: sampleTensor('float32', [2, 3])}
    expect(await expectReal(model, feeds)).to.deep.equal([
      ['N', undefined],
      ['N', undefined],
    ])
  })

  it('leaves the number of rounds open where the body may stop', () => {
    const model = modelWith((build) => {
      const x = build.input('x', [4])
      const body = subgraph(build.graph, (inner) => {
        inner.input('round', [], 'int64')
        inner.input('go', [], 'bool')
        const sum = inner.op('ReduceSum', [x], {keepdims: 0})
        return [inner.op('Less', [sum, inner.scalar(9)]), inner.op('Identity', [sum])]
      })
      return [build.op('Loop', [build.scalar(3, 'int64'), undefined], {body})]
    })
    inferModel(model)
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal([undefined])
    expect(macsOf(model)).to.equal(0)
  })

  it('counts the products of every round', () => {
    const model = modelWith((build) => {
      const x = build.input('x', [2, 5])
      const body = subgraph(build.graph, (inner) => {
        inner.input('round', [], 'int64')
        const go = inner.input('go', [], 'bool')
        const state = inner.input('state', undefined)
        return [inner.op('Identity', [go]), inner.op('MatMul', [state, inner.floats(new Float32Array(25), [5, 5])])]
      })
      return [build.op('Loop', [build.scalar(7, 'int64'), undefined, x], {body})]
    })
    inferModel(model)
    expect(macsOf(model)).to.equal(7 * 2 * 5 * 5)
  })
})
