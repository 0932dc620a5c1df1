import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import {inspectSummary} from '../../src/cli/inspect-summary.js'
import type {InspectResult} from '../../src/results.js'

const MODEL: InspectResult['model'] = {
  ...{path: 'net.onnx', sizeBytes: 2_000_000, compressedBytes: null, sha256: null, irVersion: 8, producer: ''},
  opsets: {'': 17, 'com.microsoft': 1},
  inputs: [{name: 'x', dtype: 'float32', shape: ['N', 3, 'H', 8]}],
  outputs: [{name: 'y', dtype: null, shape: null}],
  nodes: 3,
  ops: {Conv: 2, Relu: 1},
  parameters: {count: 1500, bytes: 6000, zeros: null, sparsity: null, byDtype: {float32: 1500}},
  ...{macs: null, quantization: 'float32'},
}

describe('inspectSummary', () => {
  const text = (model: Partial<InspectResult['model']> = {}, layers?: InspectResult['layers']) =>
    stripVTControlCharacters(
      inspectSummary({
        schemaVersion: 1,
        command: 'inspect',
        warnings: [],
        model: {...MODEL, ...model},
        ...(layers && {layers}),
      }),
    )

  it('says what is not known, and how to know it', () => {
    expect(text()).to.match(/sha256 +not computed, see --full/)
    expect(text()).to.match(/producer +unknown/)
    expect(text()).to.match(/MACs +unknown, depends on H: --dim H=64/)
    expect(text({inputs: [{name: 'x', dtype: 'float32', shape: ['N', null]}]})).to.match(
      /depends on free sizes: --dim NAME=64/,
    )
    expect(text({inputs: []})).to.match(/MACs +unknown$/m)
    expect(text()).to.match(/y +unknown +\[unknown rank\]/)
  })

  it('says what is', () => {
    const known = text({macs: 2_500_000, compressedBytes: 1_000_000, parameters: {...MODEL.parameters, sparsity: 0.5}})
    expect(known).to.match(/size +2 MB, 1 MB compressed/)
    expect(known).to.match(/MACs +2\.5 M at batch 1/)
    expect(known).to.match(/parameters +1\.5 k, 50 % zeros/)
    expect(known).to.match(/x +float32 +\[N, 3, H, 8\]/)
  })

  it('lists layers where they were asked for; nothing stands for 0, a question mark for what is unknown', () => {
    const layer = {node: 'c', op: 'Conv', dtype: null, outputShape: [1, 2], parameters: 0, bytes: 0, sparsity: null}
    expect(text()).not.to.contain('Layers')
    expect(text({}, [{...layer, macs: null}])).to.match(/^c +Conv +\? +\[1, 2\] +\?$/m)
    expect(text({}, [{...layer, macs: 0}])).to.match(/^c +Conv +\? +\[1, 2\]$/m)
  })
})
