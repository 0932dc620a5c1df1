import {expect} from 'chai'
import type {DataSpec} from '../../src/data/dataset.js'
import {openData} from '../../src/data/open-data.js'
import {doubtPreparation} from '../../src/judge/doubt-preparation.js'
import {DataFolder} from '../support/data-folder.js'
import {port, readBatches} from '../support/data-reading.js'
import {npyOf} from '../support/npy-writer.js'

const FM = 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz'
const IMAGE = [port('input', 'float32', ['N', 1, 28, 28])]
const RIGHT = {mean: [0.286], std: [0.353]}
const CLASSES = 10
const folder = new DataFolder()

const doubt = (model: string, data: Partial<DataSpec>, isAltered = false) =>
  doubtPreparation({
    path: `fixtures/models/${model}.onnx`,
    settings: {provider: 'cpu', threads: 1},
    inputs: IMAGE,
    data: {path: FM, seed: 0, ...data},
    isAltered: () => isAltered,
  })

/** The first 300 images, as the model was trained, with other labels. */
async function relabelled(name: string, change: (label: number, sample: number) => number): Promise<string> {
  const dataset = await openData({path: FM, seed: 0, limit: 300, preprocess: RIGHT}, IMAGE)
  const [batch] = await readBatches(dataset, 300)
  const labels = Int32Array.from(dataset.labels as Float64Array, change)
  const kept = [...labels.keys()].filter((sample) => (labels[sample] as number) < CLASSES)
  const pixels = batch?.inputs.input?.data as Float32Array
  const images = Float32Array.from(kept.flatMap((sample) => [...pixels.subarray(sample * 784, (sample + 1) * 784)]))
  const chosen = Int32Array.from(kept, (sample) => labels[sample] as number)
  return folder.npz(name, {input: npyOf(images, [kept.length, 1, 28, 28]), label: npyOf(chosen, [kept.length])})
}

describe('doubtPreparation', () => {
  after(() => folder.remove())

  for (const model of ['cnn_fm', 'mlp_fm', 'resnet8_fm', 'mobile_fm_bn']) {
    it(`believes ${model} on samples prepared as in its training`, async () => {
      expect(await doubt(model, {preprocess: RIGHT})).to.equal(undefined)
    })
  }

  it('names the flags under which a model is right, when the mean is missing', async () => {
    const warning = await doubt('resnet8_fm', {})
    expect(warning?.code).to.equal('PREPARATION_DOUBTED')
    const [, flags] = /^give (--scale 1\/255 --mean 0\.\d+ --std 0\.\d+)$/.exec(warning?.hint ?? '') ?? []
    const [mean, std] = (flags ?? '').match(/0\.\d+/g)?.map(Number) ?? []
    // the data's own: Fashion-MNIST's are 0.286 and 0.353
    expect(mean).to.be.closeTo(0.286, 0.03)
    expect(std).to.be.closeTo(0.353, 0.03)
  })

  it('names another scale beside the mean that was given', async () => {
    const warning = await doubt('resnet8_fm', {preprocess: {...RIGHT, scale: 1}})
    expect(warning?.hint).to.equal('give --scale 1/255 --mean 0.286 --std 0.353')
  })

  it('tells labels that count from 1', async () => {
    const path = await relabelled('from-1.npz', (label) => label + 1)
    const warning = await doubt('cnn_fm', {path})
    expect(warning?.message).to.contain('from 1 on')
    expect(warning?.hint).to.equal('subtract 1 from every label')
  })

  it('tells labels in another order', async () => {
    const path = await relabelled('turned.npz', (label) => (label * 3 + 4) % CLASSES)
    expect((await doubt('cnn_fm', {path}))?.message).to.contain('in another order')
  })

  it('believes a model whose labels are half wrong', async () => {
    const path = await relabelled('noise.npz', (label, sample) => (sample % 2 === 0 ? label : (sample * 7) % CLASSES))
    expect(await doubt('cnn_fm', {path})).to.equal(undefined)
  })

  it('doubts both when a model is sure and guesses, unless it was pruned or quantized', async () => {
    const path = await relabelled('random.npz', (_, sample) => (sample * 7 + (sample >> 3)) % CLASSES)
    expect((await doubt('cnn_fm', {path}))?.message).to.contain('no better than guessing')
    expect(await doubt('cnn_fm', {path}, true)).to.equal(undefined)
  })

  it('says nothing without labels', async () => {
    const path = folder.write('images.npy', npyOf(new Float32Array(784 * 4), [4, 1, 28, 28]))
    expect(await doubt('cnn_fm', {path})).to.equal(undefined)
  })
})
