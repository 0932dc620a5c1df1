import {expect} from 'chai'
import type {GraphBuilder} from '../../../src/ir/build.js'
import {measureLayerErrors} from '../../../src/runtime/layer-errors/measure-layer-errors.js'
import {CPU, ModelFolder} from '../model-folder.js'

const OPEN = {min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY}

/** Two layers that add a number to each of two channels. */
const layers = (first: readonly number[], second: readonly number[]) => (build: GraphBuilder) => {
  const a = build.op('Add', [build.input('x', ['N', 2]), build.floats([...first], [2])], {}, {outputs: ['a']})
  build.output(build.op('Add', [a, build.floats([...second], [2])], {}, {outputs: ['b']}))
}

describe('measureLayerErrors', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  const measure = (open = OPEN) =>
    measureLayerErrors(CPU, {
      float: folder.model('float.onnx', layers([0, 0], [0, 0])),
      quantized: folder.model('quantized.onnx', layers([1, 2], [4, 8])),
      layers: ['a', 'b'].map((name) => ({float: name, quantized: name, open})),
      data: {path: folder.rows('x.npy', [3, 2], [-1, 1, 3, 5, 7, 9]), seed: 0},
    })

  it('gives what each layer adds by itself, without what the layers before it added', async () => {
    const {errors} = await measure()
    expect([...errors].map(([name, values]) => [name, ...values])).to.deep.equal([
      ['a', 1, 2],
      ['b', 4, 8],
    ])
  })

  it('counts values inside the open range only, and none where all are outside', async () => {
    const {errors} = await measure({min: 0, max: 4})
    expect([...(errors.get('a') ?? [])]).to.deep.equal([1, 2])
    const closed = await measure({min: 100, max: 200})
    expect([...(closed.errors.get('a') ?? [])]).to.deep.equal([0, 0])
  })
})
