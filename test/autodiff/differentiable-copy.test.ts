import {expect} from 'chai'
import {differentiableCopy} from '../../src/autodiff/differentiable-copy.js'
import {ShapeError} from '../../src/errors.js'
import {verify} from '../../src/ir/verify.js'
import {shapeOf} from '../../src/ops/operand.js'
import {modelOf} from '../support/pass-trial.js'
import {printGraph} from '../support/print-graph.js'

function original() {
  return modelOf((build) => {
    const w = build.floats(new Float32Array(12), [4, 3], 'w')
    build.output(build.op('MatMul', [build.input('x', ['N', 4]), w], {}, {outputs: ['__proto__']}))
  })
}

describe('differentiableCopy', () => {
  it('gives a graph of its own without outputs, and shares the weights', () => {
    const model = original()
    const before = printGraph(model.graph)
    const {model: copy, outputs} = differentiableCopy(model)
    const y = outputs.get('__proto__')
    expect(y?.graph).to.equal(copy.graph)
    expect(copy.graph.outputs).to.deep.equal([])
    expect(copy.graph.constants()[0]?.constant).to.equal(model.graph.constants()[0]?.constant)
    for (const node of copy.graph.nodes()) copy.graph.addOutput(node.outputs[0] as never)
    expect(verify(copy.graph)).to.deep.equal([])
    expect(printGraph(model.graph)).to.equal(before)
  })

  it('knows the sizes it is given, and leaves the original free', () => {
    const model = original()
    const {outputs} = differentiableCopy(model, {inputShapes: {x: [7, 4]}})
    expect(shapeOf(outputs.get('__proto__'))).to.deep.equal([7, 3])
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal(['N', 3])
  })

  it('lets the copy be changed before its types are filled in', () => {
    const {outputs} = differentiableCopy(original(), {
      prepare: (graph) => {
        graph.setConstant(graph.constants()[0] as never, {
          dtype: 'float32',
          shape: [4, 9],
          read: () => new Float32Array(36),
        })
      },
    })
    expect(shapeOf(outputs.get('__proto__'))).to.deep.equal(['N', 9])
  })

  it('refuses sizes that the model contradicts', () => {
    expect(() => differentiableCopy(original(), {inputShapes: {x: [7, 5]}})).to.throw(ShapeError)
  })
})
