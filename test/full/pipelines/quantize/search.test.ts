import {join} from 'node:path'
import {expect} from 'chai'
import {quantize} from '../../../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../../../support/data-folder.js'
import {quantizeOptions, SILENT} from '../../../support/pipeline-options.js'

const MOBILE = 'fixtures/models/mobile_fm_bn.onnx'
const EVAL = 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz'

describe('search', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  const searching = (maxDrop: string) => {
    const judged = {eval: EVAL, evalLimit: 400, mean: [0.286], std: [0.353]}
    const options = {weights: 'int4', maxDrop, output: join(folder.path, 'found.onnx'), force: true} as const
    const {data, ...rest} = quantizeOptions(options)
    const preprocess = {mean: judged.mean, std: judged.std}
    return quantize(MOBILE, {...rest, data: {...data, eval: EVAL, evalLimit: 400, preprocess}}, SILENT)
  }

  it('moves as few layers as hold the limit, in a number of evaluations that grows with the logarithm of the layers', async () => {
    const {searched, budget, metric, output, input} = await searching('1%')
    const layers = 17
    expect(searched[0]).to.include({what: 'as planned', layers: 0, held: false})
    expect(searched[1]).to.include({layers, held: true})
    expect(searched.length).to.be.at.most(2 * Math.log2(layers) + 8)
    const [chosen, ...others] = searched.filter((row) => row.chosen)
    expect(others).to.be.empty
    expect(chosen?.held).to.equal(true)
    expect(chosen?.layers).to.be.within(1, layers)
    // a smaller plan was seen to fail, and nothing that was seen to hold is smaller
    for (const {held, sizeBytes} of searched) if (held) expect(sizeBytes).to.be.at.least(chosen?.sizeBytes ?? 0)
    expect(budget?.passed).to.equal(true)
    expect(metric?.samples).to.equal(400)
    expect((metric?.before ?? 0) - (metric?.after ?? 0)).to.be.closeTo(chosen?.drop ?? 1, 1e-9)
    const [planned = 0] = searched.map(({sizeBytes}) => sizeBytes)
    expect((input.sizeBytes - output.sizeBytes) / (input.sizeBytes - planned)).to.be.above(0.6)
  })

  it('is over at once where the plan holds the limit', async () => {
    const {searched, budget} = await searching('20%')
    expect(searched).to.have.length(1)
    expect(budget?.passed).to.equal(true)
  })
})
