import {expect} from 'chai'
import {layerMacs, layersOf, printable} from '../../src/facts/layers.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import {tensorOf} from '../../src/ir/tensor.js'
import {inferModel} from '../../src/ops/infer-graph.js'

function layerModel(batch: number | string) {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const stored = build.constant(
    tensorOf(
      'int8',
      [4, 3],
      Int8Array.from({length: 12}, (_, index) => index % 2),
    ),
  )
  const weight = build.op('DequantizeLinear', [stored, build.scalar(0.1)])
  build.output(build.op('MatMul', [build.input('x', [batch, 4]), weight]))
  const model = emptyModel(graph, 17)
  inferModel(model)
  return model
}

describe('layersOf', () => {
  it('counts the steps that unpack a weight to the layer that uses it', () => {
    const [layer, ...rest] = layersOf(layerModel(2), {zeros: true})
    expect(rest).to.deep.equal([])
    // 2 rows × 4 × 3 multiplications; six of twelve weights are 0
    expect(layer).to.deep.include({
      ...{op: 'MatMul', outputShape: [2, 3], dtype: 'float32', parameters: 12, bytes: 12, macs: 24, sparsity: 0.5},
    })
  })

  it('does not read zeros unless it is asked to, nor count what depends on a free size', () => {
    const [layer] = layersOf(layerModel('N'), {zeros: false})
    expect(layer).to.deep.include({outputShape: ['N', 3], sparsity: null, macs: null})
  })
})

describe('layerMacs and printable', () => {
  it('go along with the layers, null where a size is unknown', () => {
    expect(layerMacs(layerModel(2))).to.deep.equal([24])
    expect(layerMacs(layerModel('N'))).to.deep.equal([null])
    expect([printable(undefined), printable('N'), printable(3)]).to.deep.equal([null, 'N', 3])
  })
})
