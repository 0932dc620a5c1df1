import {expect} from 'chai'
import {profileNodes} from '../../../src/runtime/profile/profile-nodes.js'
import {CPU, ModelFolder, normalInput} from '../model-folder.js'

describe('profileNodes', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('counts the nodes that ran and where, slowest operator first', async () => {
    const model = folder.model('two.onnx', (build) => {
      const x = build.input('x', [64, 64])
      const squared = build.op('MatMul', [x, x])
      build.output(build.op('Erf', [build.op('MatMul', [squared, x])]))
    })

    const {nodesByProvider, byOp} = await profileNodes(model, CPU, {source: normalInput([64, 64])})

    expect(nodesByProvider).to.deep.equal({cpu: 3})
    expect(byOp.map(({op, provider, count}) => `${op} ${provider} ${count}`)).to.have.members([
      'MatMul cpu 2',
      'Erf cpu 1',
    ])
    const times = byOp.map(({durUs}) => durUs)
    expect(times).to.deep.equal([...times].sort((a, b) => b - a))
  })

  it('counts nodes whose names make the runtime write no JSON', async () => {
    const model = folder.model('quoted.onnx', (build) => {
      const x = build.input('x', [4, 4])
      const first = build.op('Erf', [x], {}, {name: 'a "quoted"\n\\ name'})
      build.output(build.op('MatMul', [first, x], {}, {name: 'plain'}))
    })
    const {nodesByProvider, byOp} = await profileNodes(model, CPU, {source: normalInput([4, 4])})
    expect(nodesByProvider).to.deep.equal({cpu: 2})
    expect(byOp.map(({op, count}) => `${op} ${count}`)).to.have.members(['Erf 1', 'MatMul 1'])
  })
})
