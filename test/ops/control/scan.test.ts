import {expect} from 'chai'
import type {Value} from '../../../src/ir/value.js'
import * as file from '../../../src/ops/control/scan.js'
import {inferModel, macsOf} from '../../../src/ops/infer-graph.js'
import {shapeOf} from '../../../src/ops/operand.js'
import {expectReal, modelWith, subgraph} from '../../support/operators/control.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {sampleTensor} from '../../support/run-graph.js'

describeOperators(file)

describe('Scan', () => {
  it('takes slices in and stacks them along the axis asked for', async () => {
    const model = modelWith((build) => {
      const [state, sequence] = [build.input('state', ['N']), build.input('sequence', ['N', 5])]
      const body = subgraph(build.graph, (inner) => {
        const [before, slice] = [inner.input('before', undefined), inner.input('slice', undefined)]
        const after = inner.op('Add', [before, slice])
        return [after, inner.op('Identity', [after])]
      })
      const attributes = {body, num_scan_inputs: 1, scan_input_axes: [1], scan_output_axes: [1]}
      return [...build.node('Scan', [state, sequence], attributes, {outputs: 2}).outputs] as Value[]
    })
    const feeds = {state: sampleTensor('float32', [2]), sequence: sampleTensor('float32', [2, 5])}
    expect(await expectReal(model, feeds)).to.deep.equal([['N'], ['N', 5]])
  })

  it('counts the products of every step', () => {
    const model = modelWith((build) => {
      const body = subgraph(build.graph, (inner) => [
        inner.op('MatMul', [inner.input('slice', undefined), inner.floats(new Float32Array(12), [4, 3])]),
      ])
      return [build.op('Scan', [build.input('x', [6, 2, 4])], {body, num_scan_inputs: 1})]
    })
    inferModel(model)
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal([6, 2, 3])
    expect(macsOf(model)).to.equal(6 * 2 * 4 * 3)
  })
})
