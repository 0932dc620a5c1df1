import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {readPreprocessorConfig} from '../../../src/data/images/preprocessor-config.js'
import {openData} from '../../../src/data/open-data.js'
import {DataError, FileError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readValues} from '../../support/data-reading.js'

interface Reference {
  readonly config: Record<string, unknown>
  readonly shape: number[]
  /** Every how manieth value is kept. */
  readonly every: number
  readonly values: number[]
}
/** What the image processors of transformers 5.18 made of fixtures/images/rgb.png. */
const references = JSON.parse(readFileSync('fixtures/images/transformers.json', 'utf8')) as Record<string, Reference>
const folder = new DataFolder()
const configFile = (config: object) => folder.write('preprocessor_config.json', JSON.stringify(config))
const read = (config: object) => readPreprocessorConfig(configFile(config))

describe('readPreprocessorConfig', () => {
  after(() => folder.remove())
  let images: string
  before(() => {
    images = new DataFolder().path
    folder.write('a.png', readFileSync('fixtures/images/rgb.png'))
    images = folder.path
  })

  for (const [name, {config, shape, every, values}] of Object.entries(references)) {
    it(`prepares an image as transformers does: ${name}`, async () => {
      const preprocessFile = configFile(config)
      const dataset = await openData({path: images, seed: 0, preprocessFile}, [
        port('x', 'float32', ['N', 3, 'H', 'W']),
      ])
      const found = await readValues(dataset, 'x')
      expect(found).to.have.length(shape.reduce((product, size) => product * size))
      values.forEach((value, index) => {
        expect(found[index * every], `value ${index * every}`).to.be.closeTo(value, 1e-5)
      })
      expect(dataset.notes.filter((note) => note.includes('mean'))).to.be.empty
    })
  }

  it('takes old files: a number as size, no class', async () => {
    expect(await read({size: 224})).to.deep.include({resize: [224, 224], resample: 'bilinear', channels: 'rgb'})
    expect(await read({feature_extractor_type: 'CLIPFeatureExtractor', size: 224, crop_size: 200})).to.deep.include({
      resize: {shortestEdge: 224},
      crop: [200, 200],
      resample: 'bicubic',
    })
  })

  it('passes over what changes no pixel, and what is switched off', async () => {
    const more = {
      processor_class: 'X',
      _valid_processor_keys: ['a'],
      do_pad: false,
      pad_size: null,
      do_reduce_labels: false,
    }
    expect(await read({size: 9, ...more})).to.deep.equal(await read({size: 9}))
  })

  const refused: [string, object][] = [
    ['do_pad', {do_pad: true}],
    ['size_divisor', {size_divisor: 32}],
    ['image_processor_type', {image_processor_type: 'DetrImageProcessor'}],
    ['size', {size: {shortest_edge: 800, longest_edge: 1333}}],
    ['size', {size: {height: 0, width: 3}}],
    ['crop_size', {do_center_crop: true, crop_size: {shortest_edge: 3}}],
    ['resample', {resample: 9}],
    ['do_resize', {do_resize: 'yes'}],
    ['rescale_factor', {rescale_factor: 0}],
    ['image_std', {image_std: [1, 0, 1]}],
    ['image_mean', {image_mean: 'none'}],
    ['crop_pct', {image_processor_type: 'ViTImageProcessor', crop_pct: 0.9}],
    ['include_top', {include_top: true}],
    ['data_format', {data_format: 'channels_last'}],
  ]
  for (const [field, config] of refused) {
    it(`names the field of ${JSON.stringify(config)}`, async () => {
      const error = await errorOf(read(config))
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.contain(`'${field}': expected`)
    })
  }

  it('refuses a file that is missing, no JSON, or no object', async () => {
    expect(await errorOf(readPreprocessorConfig('missing.json'))).to.be.instanceOf(FileError)
    expect((await errorOf(readPreprocessorConfig(folder.write('b.json', '{')))).message).to.contain('expected JSON')
    expect((await errorOf(readPreprocessorConfig(folder.write('c.json', '[]')))).message).to.contain('a JSON object')
  })
})
