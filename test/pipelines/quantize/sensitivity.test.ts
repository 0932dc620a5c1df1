import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {rankLayers} from '../../../src/pipelines/quantize/plan-quantization.js'
import {quantize} from '../../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../../support/data-folder.js'
import {SILENT} from '../../support/pipeline-options.js'
import {RANKING} from '../../support/ranking-options.js'

const MLP = 'fixtures/models/mlp_fm.onnx'

describe('rankLayers', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('gives what each layer does when it alone is quantized, the worst first', async () => {
    const {layers} = await rankLayers(MLP, RANKING, SILENT)
    expect(layers.map(({form}) => form)).to.deep.equal(['static-int8', 'static-int8', 'static-int8'])
    const errors = layers.map(({error}) => error)
    expect(errors).to.deep.equal([...errors].sort((a, b) => b - a))
    for (const {node, error, measure} of layers) {
      // the same by hand: all others excluded, without the correction of biases, which a ranking leaves out
      const others = layers.filter((layer) => layer.node !== node).map((layer) => `^${layer.node}$`)
      const alone = {...RANKING.quantize, exclude: others}
      const output = {...RANKING.output, path: join(folder.path, 'alone.onnx'), force: true}
      const {fidelity} = await quantize(MLP, {...RANKING, output, quantize: alone}, SILENT)
      expect(measure).to.equal('KL')
      const byHand = fidelity?.outputs[0]?.details.kl ?? 0
      expect(byHand, node).to.be.above(0)
      expect(Math.log10(error / byHand), node).to.be.within(-0.3, 0.3)
    }
  })

  it('writes a report with a picture', async () => {
    const path = join(folder.path, 'ranking.md')
    await rankLayers(MLP, {...RANKING, output: {...RANKING.output, reports: [path]}}, SILENT)
    expect(readFileSync(path, 'utf8')).to.match(
      /layers do half of the harm[\s\S]*!\[What each layer does alone: 3 of 3/,
    )
    expect(readFileSync(join(folder.path, 'ranking.svg'), 'utf8')).to.match(/^<svg[\s\S]*<circle/)
  })

  it('wants samples', async () => {
    const error = await rankLayers(
      MLP,
      {...RANKING, data: {...RANKING.data, samples: undefined}, quantize: {...RANKING.quantize, mode: 'auto'}},
      SILENT,
    ).then(
      () => undefined,
      (reason: Error) => reason,
    )
    expect(error?.message).to.match(/^--sensitivity: expected samples/)
  })
})
