import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import type {DataSpec} from '../../../src/data/dataset.js'
import {openModel} from '../../../src/io/open-model.js'
import {firstDraft} from '../../../src/pipelines/quantize/choose-draft.js'
import {rankLayers} from '../../../src/pipelines/quantize/plan-quantization.js'
import {quantize} from '../../../src/pipelines/quantize/quantize.js'
import {layerErrors} from '../../../src/pipelines/quantize/sensitivity.js'
import {openStudio} from '../../../src/pipelines/quantize/studio.js'
import {prepare} from '../../../src/pipelines/transform/open-work.js'
import {DataFolder} from '../../support/data-folder.js'
import {quantizeOptions, SILENT} from '../../support/pipeline-options.js'
import {spearman} from '../../support/spearman.js'

const MOBILE = 'fixtures/models/mobile_fm_bn.onnx'
const MLP = 'fixtures/models/mlp_fm.onnx'

describe('rankLayers', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  const base = quantizeOptions({mode: 'static', calibration: 'minmax', guard: false, time: false})
  const options = {
    ...base,
    data: {
      ...base.data,
      samples: 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz',
      limit: 64,
      preprocess: {mean: [0.286], std: [0.353]},
    },
  }

  it('gives what each layer does when it alone is quantized, the worst first', async () => {
    const {layers} = await rankLayers(MLP, options, SILENT)
    expect(layers.map(({form}) => form)).to.deep.equal(['static-int8', 'static-int8', 'static-int8'])
    const errors = layers.map(({error}) => error)
    expect(errors).to.deep.equal([...errors].sort((a, b) => b - a))
    for (const {node, error, measure} of layers) {
      // the same by hand: all others excluded, without the correction of biases, which a ranking leaves out
      const others = layers.filter((layer) => layer.node !== node).map((layer) => `^${layer.node}$`)
      const alone = {...options.quantize, exclude: others}
      const output = {...options.output, path: join(folder.path, 'alone.onnx'), force: true}
      const {fidelity} = await quantize(MLP, {...options, output, quantize: alone}, SILENT)
      expect(measure).to.equal('KL')
      const byHand = fidelity?.outputs[0]?.details.kl ?? 0
      expect(byHand, node).to.be.above(0)
      expect(Math.log10(error / byHand), node).to.be.within(-0.3, 0.3)
    }
  })

  for (const own of [
    {mode: 'static', calibration: 'minmax'},
    {mode: 'weights', weights: 'int4'},
  ] as const) {
    it(`estimates by gradients what it would measure: ${own.mode}`, async () => {
      const chosen = {...options, quantize: {...options.quantize, ...own}}
      const file = await openModel(MOBILE)
      try {
        const opened = await prepare(file, chosen, {budget: undefined})
        const studio = await openStudio(opened, chosen, SILENT)
        const errors = async (mostMeasured: number) => {
          const ranking = {reference: MOBILE, folder: folder.path, mostMeasured}
          const layers = await layerErrors(studio, firstDraft(studio), {
            ...ranking,
            data: opened.data.learn as DataSpec,
          })
          return {measure: layers[0]?.measure, of: new Map(layers.map(({choice, error}) => [choice.node.name, error]))}
        }
        const [estimated, measured] = [await errors(0), await errors(100)]
        expect([estimated.measure, measured.measure]).to.deep.equal(['estimated KL', 'KL'])
        const [a, b] = [estimated, measured].map(({of}) => [...of.keys()]) as [string[], string[]]
        expect([...a].sort()).to.deep.equal([...b].sort())
        expect(a[0], 'the worst').to.equal(b[0])
        expect(spearman(a.map((name) => [estimated.of.get(name) ?? 0, measured.of.get(name) ?? 0]))).to.be.above(0.8)
      } finally {
        file.close()
      }
    })
  }

  it('writes a report with a picture', async () => {
    const path = join(folder.path, 'ranking.md')
    await rankLayers(MLP, {...options, output: {...options.output, reports: [path]}}, SILENT)
    expect(readFileSync(path, 'utf8')).to.match(
      /layers do half of the harm[\s\S]*!\[What each layer does alone: 3 of 3/,
    )
    expect(readFileSync(join(folder.path, 'ranking.svg'), 'utf8')).to.match(/^<svg[\s\S]*<circle/)
  })

  it('wants samples', async () => {
    const error = await rankLayers(
      MLP,
      {...options, data: base.data, quantize: {...base.quantize, mode: 'auto'}},
      SILENT,
    ).then(
      () => undefined,
      (reason: Error) => reason,
    )
    expect(error?.message).to.match(/^--sensitivity: expected samples/)
  })
})
