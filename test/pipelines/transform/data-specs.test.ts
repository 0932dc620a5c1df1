import {expect} from 'chai'
import {openData} from '../../../src/data/open-data.js'
import {type DataOptions, dataOptions} from '../../../src/options/common.js'
import {parseOptions} from '../../../src/options/parse-options.js'
import {dataSpecs} from '../../../src/pipelines/transform/data-specs.js'
import {DataFolder} from '../../support/data-folder.js'
import {npyOf} from '../../support/npy-writer.js'

const INPUTS = [{name: 'x', dtype: 'float32', shape: ['N', 1]}] as const

describe('dataSpecs', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  let data: string
  before(() => {
    data = folder.write(
      'x.npy',
      npyOf(
        Float32Array.from({length: 50}, (_, i) => i),
        [50, 1],
      ),
    )
  })

  const options = (changes: object): DataOptions => parseOptions(dataOptions, {shuffle: false, ...changes})

  async function valuesOf(spec: Parameters<typeof openData>[0] | undefined): Promise<number[]> {
    const values: number[] = []
    if (!spec) return values
    const dataset = await openData(spec, INPUTS)
    for await (const {inputs} of dataset.batches(7)) values.push(...Array.from(inputs.x?.data ?? [], Number))
    return values
  }

  it('learns from --data and judges on --eval, each with its own limit and offset', async () => {
    const changes = {samples: data, eval: data, limit: 3, offset: 10, evalLimit: 2, evalOffset: 40}
    const {learn, judge, warnings} = await dataSpecs(options(changes), {seed: 0}, {judge: true, inputs: INPUTS})
    expect(await valuesOf(learn)).to.deep.equal([10, 11, 12])
    expect(await valuesOf(judge)).to.deep.equal([40, 41])
    expect(warnings).to.be.empty
  })

  it('holds out a seeded fifth of --data where judging is needed, and says so', async () => {
    const run = (seed: number) => dataSpecs(options({samples: data, limit: 40}), {seed}, {judge: true, inputs: INPUTS})
    const {learn, judge, warnings} = await run(0)
    const [taught, judged] = [await valuesOf(learn), await valuesOf(judge)]
    expect([taught.length, judged.length]).to.deep.equal([32, 8])
    expect(new Set([...taught, ...judged]).size).to.equal(40)
    expect(warnings[0]).to.deep.include({code: 'HELD_OUT'})
    expect(warnings[0]?.message).to.match(/8 of the 40 samples/)
    expect(await valuesOf((await run(0)).judge)).to.deep.equal(judged)
    expect(await valuesOf((await run(1)).judge)).not.to.deep.equal(judged)
  })

  it('judges on nothing when nothing needs it', async () => {
    const {learn, judge} = await dataSpecs(options({samples: data}), {seed: 0}, {judge: false, inputs: INPUTS})
    expect(await valuesOf(learn)).to.have.length(50)
    expect(judge).to.equal(undefined)
    expect(await dataSpecs(options({}), {seed: 0}, {judge: true, inputs: INPUTS})).to.deep.equal({
      learn: undefined,
      judge: undefined,
      warnings: [],
    })
  })
})
