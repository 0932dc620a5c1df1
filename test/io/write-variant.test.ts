import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {openModel} from '../../src/io/open-model.js'
import {writeScratch, writeVariant} from '../../src/io/write-variant.js'
import {DataFolder} from '../support/data-folder.js'

const MLP = 'fixtures/models/mlp_fm.onnx'

describe('writeVariant', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('writes what a change makes of a file, gives what the change gives, and leaves the file alone', async () => {
    const before = readFileSync(MLP)
    const target = join(folder.path, 'variant.onnx')
    const nodes = await writeVariant(MLP, target, ({model}) => {
      model.metadata.set('changed', 'yes')
      return model.graph.nodeCount
    })
    const {model, close} = await openModel(target)
    expect(model.metadata.get('changed')).to.equal('yes')
    expect(model.graph.nodeCount).to.equal(nodes)
    close()
    expect(readFileSync(MLP).equals(before)).to.equal(true)
  })

  it('writes nothing when the change fails', async () => {
    const target = join(folder.path, 'never.onnx')
    const error = await writeVariant(MLP, target, () => {
      throw new Error('no')
    }).catch((reason: unknown) => reason)
    expect(error).to.have.property('message', 'no')
    expect(existsSync(target)).to.equal(false)
  })
})

describe('writeScratch', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('takes the place of what is there', async () => {
    const target = join(folder.path, 'scratch.onnx')
    writeFileSync(target, 'something else')
    const {model, close} = await openModel(MLP)
    await writeScratch(model, target, {externalData: 'always'})
    close()
    expect(existsSync(`${target}.data`)).to.equal(true)
    const again = await openModel(target)
    expect(again.files).to.have.length(2)
    again.close()
  })
})
