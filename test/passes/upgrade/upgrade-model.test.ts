import {expect} from 'chai'
import {UnsupportedError} from '../../../src/errors.js'
import {float} from '../../../src/ir/attribute.js'
import {dtypeOf, shapeOf} from '../../../src/ops/operand.js'
import {upgradeModel} from '../../../src/passes/upgrade/upgrade-model.js'
import {modelOf, opTypes, type Write} from '../../support/pass-trial.js'

const write: Write = (build) => {
  const clipped = build.op('Clip', [build.input('x', ['N', 4])], {min: float(0)})
  build.output(build.op('Unsqueeze', [clipped], {axes: [0]}))
}

async function errorOf(opset: number, to: number): Promise<Error> {
  try {
    await upgradeModel(modelOf(write, opset), to)
  } catch (error) {
    return error as Error
  }
  return expect.fail('an error was expected')
}

describe('upgradeModel', () => {
  it('sets the opset of the standard domain alone, and knows the types of what is new', async () => {
    const model = modelOf(write, 9)
    model.opsets.set('ai.onnx.ml', 2)
    await upgradeModel(model, 21)
    expect([...model.opsets]).to.deep.equal([
      ['', 21],
      ['com.microsoft', 1],
      ['ai.onnx.ml', 2],
    ])
    const [output] = model.graph.outputs
    expect([dtypeOf(output), shapeOf(output)]).to.deep.equal(['float32', [1, 'N', 4]])
  })

  it('does nothing to a model that is there', async () => {
    const model = modelOf(write, 9)
    expect((await upgradeModel(model, 9)).changed).to.deep.equal([])
    expect(opTypes(model)).to.deep.equal(['Clip', 'Unsqueeze'])
  })

  it('does not go down, and not beyond what ONNX Runtime loads', async () => {
    for (const [opset, to, message] of [
      [13, 12, 'opset 12: expected 13'],
      [13, 27, 'opset 27: expected at most 26'],
    ] as const) {
      const error = await errorOf(opset, to)
      expect(error).to.be.instanceOf(UnsupportedError)
      expect(error.message).to.contain(message)
    }
  })
})
