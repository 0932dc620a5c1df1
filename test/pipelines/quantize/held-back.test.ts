import {expect} from 'chai'
import {holdBack} from '../../../src/pipelines/quantize/held-back.js'
import {DataFolder} from '../../support/data-folder.js'
import {npyOf} from '../../support/npy-writer.js'

describe('holdBack', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  const inputs = [{name: 'x', dtype: 'float32', shape: ['N', 2]}] as const
  const samples = (count: number) => folder.write(`${count}.npy`, npyOf(new Float32Array(2 * count), [count, 2]))

  it('judges on samples behind those of calibration, where there are enough', async () => {
    const {learn, judge} = await holdBack({path: samples(1000), seed: 0}, inputs)
    expect(learn).to.include({limit: 300})
    expect(judge.map(({offset, limit}) => [offset, limit])).to.deep.equal([
      [300, 512],
      [undefined, 812],
    ])
  })

  it('holds a fifth back of fewer, in an order of its own, and of what a limit allows', async () => {
    for (const data of [
      {path: samples(100), seed: 0},
      {path: samples(1000), seed: 0, limit: 100},
    ]) {
      const {learn, judge} = await holdBack(data, inputs)
      expect(learn).to.include({shuffle: true, limit: 80})
      expect(judge[0]).to.include({shuffle: true, offset: 80, limit: 20})
      expect(judge[1]).to.deep.equal({...learn, limit: 100})
    }
  })

  it('judges on what it calibrates on where there are too few', async () => {
    const {learn, judge} = await holdBack({path: samples(20), seed: 0}, inputs)
    expect(learn).not.to.have.any.keys('shuffle')
    expect(judge).to.deep.equal([learn])
  })
})
