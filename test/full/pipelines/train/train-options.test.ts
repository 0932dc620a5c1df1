import {join} from 'node:path'
import {expect} from 'chai'
import {openModel} from '../../../../src/io/open-model.js'
import {readFloat32} from '../../../../src/ir/tensor.js'
import type {FinetuneOptions, TrainingOptions} from '../../../../src/options/training.js'
import {finetune} from '../../../../src/pipelines/train/finetune.js'
import {DataFolder} from '../../../support/data-folder.js'
import {type Flat, SILENT} from '../../../support/pipeline-options.js'
import {finetuneOptions, pointData, points, writeNet} from '../../../support/training-trial.js'

/** Mean square of all weights, with and without a decay of this size. */
describe('weightDecay', () => {
  const folder = new DataFolder()
  const data = pointData(folder, 'train.npz', {label: points(1).labels})
  after(() => folder.remove())

  async function sizeAfter(name: string, changes: Flat<FinetuneOptions>): Promise<number> {
    const output = join(folder.path, name)
    const shared = {output, data, eval: data, epochs: 6, reinitialize: true, verify: false}
    await finetune(writeNet(folder, 'net.onnx'), finetuneOptions({...shared, ...changes}), SILENT)
    const {model, close} = await openModel(output)
    const numbers = model.graph.constants().flatMap(({constant}) => (constant ? [...readFloat32(constant)] : []))
    close()
    return numbers.reduce((sum, number) => sum + number * number, 0) / numbers.length
  }

  for (const optimizer of ['adamw', 'adam', 'sgd'] satisfies TrainingOptions['optimizer'][]) {
    it(`makes weights smaller with ${optimizer}`, async () => {
      const plain = await sizeAfter(`${optimizer}-plain.onnx`, {optimizer, weightDecay: 0})
      const decayed = await sizeAfter(`${optimizer}-decayed.onnx`, {optimizer, weightDecay: 1})
      expect(decayed).to.be.below(0.9 * plain)
    })
  }

  it('is 0.01 with adamw when nobody says', async () => {
    const [own, said] = [await sizeAfter('own.onnx', {}), await sizeAfter('said.onnx', {weightDecay: 0.01})]
    expect(own).to.equal(said)
    expect(await sizeAfter('none.onnx', {weightDecay: 0})).to.not.equal(own)
  })
})
