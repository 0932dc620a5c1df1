import {expect} from 'chai'
import {FileError} from '../../../src/errors.js'
import {viewModel} from '../../../src/pipelines/inspect/view-model.js'
import {ModelFolder} from '../../runtime/model-folder.js'

describe('viewModel', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('shows ports, nodes and constants by their names, with shapes that were inferred', async () => {
    const path = folder.model('view.onnx', (build) => {
      const weight = build.floats([1, 2, 3, 4, 5, 6], [2, 3], '__proto__')
      const product = build.op('MatMul', [build.input('x', ['N', 2]), weight], {}, {name: 'mul', outputs: ['h']})
      build.output(
        build.op('Clip', [product, undefined, build.scalar(6, 'float32', 'six')], {}, {name: 'clip', outputs: ['y']}),
      )
    })
    const view = await viewModel(path)
    try {
      expect(view.inputs).to.deep.equal([{name: 'x', dtype: 'float32', shape: ['N', 2]}])
      expect(view.outputs).to.deep.equal([{name: 'y', dtype: 'float32', shape: ['N', 3]}])
      expect(view.nodes.map(({op, inputs, outputs}) => [op, inputs, outputs])).to.deep.equal([
        ['MatMul', ['x', '__proto__'], ['h']],
        ['Clip', ['h', '', 'six'], ['y']],
      ])
      const weight = view.constants.find(({name}) => name === '__proto__')
      expect(weight).to.deep.include({dtype: 'float32', shape: [2, 3], elements: 6})
      expect([...(weight?.read() ?? [])]).to.deep.equal([1, 2, 3, 4, 5, 6])
    } finally {
      view.close()
    }
  })

  it('still shows a model that contradicts itself', async () => {
    const path = folder.model('odd.onnx', (build) => {
      build.output(build.op('MatMul', [build.input('a', [1, 2]), build.input('b', [3, 4])], {}, {outputs: ['y']}))
    })
    const view = await viewModel(path)
    expect(view.nodes.map(({op}) => op)).to.deep.equal(['MatMul'])
    view.close()
  })

  it('refuses a file that is not there', async () => {
    expect(await viewModel('not-there.onnx').catch((error: unknown) => error)).to.be.instanceOf(FileError)
  })
})
