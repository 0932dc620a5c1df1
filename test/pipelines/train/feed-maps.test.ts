import {expect} from 'chai'
import {UsageError} from '../../../src/errors.js'
import {feedMaps} from '../../../src/pipelines/train/feed-maps.js'
import {ModelFolder} from '../../runtime/model-folder.js'
import {modelOf} from '../../support/pass-trial.js'

describe('feedMaps', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())
  const teacher = modelOf((build) => build.output(build.op('Relu', [build.input('big', [1])]))).graph
  const student = () =>
    folder.model('s.onnx', (build) => build.output(build.op('Relu', [build.input('small', [1])], {}, {outputs: ['y']})))
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error as Error,
    )

  it('deals an array out to an input of each model', async () => {
    expect(await feedMaps({images: ['small', 'big']}, student(), teacher)).to.deep.equal({
      student: {images: 'small'},
      teacher: {images: 'big'},
    })
    expect(await feedMaps({images: 'small'}, student(), undefined)).to.deep.equal({
      student: {images: 'small'},
      teacher: {},
    })
  })

  it('reads no model where nothing is mapped', async () => {
    expect(await feedMaps({}, 'not there.onnx', undefined)).to.deep.equal({student: {}, teacher: {}})
  })

  it('refuses an input that neither has, and names those that they have', async () => {
    const error = await refusal(feedMaps({images: 'none'}, student(), teacher))
    expect(error).to.be.instanceOf(UsageError)
    expect(error?.message).to.equal("--map images=none: expected one of the inputs 'small', 'big', got 'none'")
  })

  it('refuses an array that would feed an input twice', async () => {
    const error = await refusal(feedMaps({images: ['small', 'small']}, student(), teacher))
    expect(error?.message).to.equal("--map: expected each array once per model, got 'images' twice")
  })
})
