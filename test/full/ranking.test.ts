import {expect} from 'chai'
import type {DataSpec} from '../../src/data/dataset.js'
import {openModel} from '../../src/io/open-model.js'
import {firstDraft} from '../../src/pipelines/quantize/choose-draft.js'
import {layerErrors} from '../../src/pipelines/quantize/sensitivity.js'
import {openStudio} from '../../src/pipelines/quantize/studio.js'
import {prepare} from '../../src/pipelines/transform/open-work.js'
import {DataFolder} from '../support/data-folder.js'
import {SILENT} from '../support/pipeline-options.js'
import {RANKING} from '../support/ranking-options.js'
import {spearman} from '../support/spearman.js'

const MOBILE = 'fixtures/models/mobile_fm_bn.onnx'

describe('a ranking of layers', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  for (const own of [
    {mode: 'static', calibration: 'minmax'},
    {mode: 'weights', weights: 'int4'},
  ] as const) {
    it(`estimates by gradients what it would measure: ${own.mode}`, async () => {
      const chosen = {...RANKING, quantize: {...RANKING.quantize, ...own}}
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
})
