import {expect} from 'chai'
import {parseOptions} from '../../../src/options/parse-options.js'
import {quantizeOptions} from '../../../src/options/quantize.js'
import {quantizeRemedy} from '../../../src/pipelines/quantize/quantize-remedy.js'

describe('quantizeRemedy', () => {
  const remedy = (mode: string, quantize: object = {}) =>
    quantizeRemedy(parseOptions(quantizeOptions, {quantize}), mode)

  it('names the next form that keeps more, never the one that was tried', () => {
    expect(remedy('static', {calibration: 'minmax'})).to.match(/^try --calibration mse/)
    expect(remedy('static', {calibration: 'mse'})).to.match(/^try --mode weights/)
    expect(remedy('dynamic')).to.match(/^try --mode weights/)
    expect(remedy('weights')).to.match(/^try --mode float16/)
    expect(remedy('float16')).to.match(/^leave the layers/)
  })

  it('takes four bits for the first thing to give up', () => {
    for (const weights of ['int4', 'uint4'])
      expect(remedy('weights', {weights})).to.equal(
        `try --weights int8: ${weights} is too coarse for some of its layers`,
      )
  })
})
