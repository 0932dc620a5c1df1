import {expect} from 'chai'
import {inspectResult, layer} from '../../src/results/inspect.js'

const LAYER = {
  ...{node: 'a', op: 'Conv', outputShape: ['N', null, 3], dtype: 'float32', parameters: 1, bytes: 4},
  ...{macs: null, sparsity: null},
}

describe('layer', () => {
  it('takes sizes that are numbers, names, or not known, and shapes that are not known', () => {
    expect(layer.safeParse(LAYER).success).to.equal(true)
    expect(layer.safeParse({...LAYER, outputShape: null, dtype: null}).success).to.equal(true)
    expect(layer.safeParse({...LAYER, outputShape: [undefined]}).success).to.equal(false)
  })
})

describe('inspectResult', () => {
  const model = {
    ...{path: 'm.onnx', sizeBytes: 1, compressedBytes: null, sha256: null, irVersion: 8, opsets: {'': 17}},
    ...{producer: '', inputs: [], outputs: [], nodes: 0, ops: {}, macs: null, quantization: 'float32'},
    parameters: {count: 0, bytes: 0, zeros: null, sparsity: null, byDtype: {}},
  }
  const document = {schemaVersion: 1, command: 'inspect', warnings: [], model}

  it('has layers only where they were asked for', () => {
    expect(inspectResult.parse(document)).not.to.have.property('layers')
    expect(inspectResult.parse({...document, layers: [LAYER]}).layers).to.deep.equal([LAYER])
  })

  it('refuses a model without its digest, which may be null', () => {
    expect(inspectResult.safeParse({...document, model: {...model, sha256: undefined}}).success).to.equal(false)
  })
})
