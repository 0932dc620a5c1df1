import {expect} from 'chai'
import {DataFolder} from '../../support/data-folder.js'
import {quantizeRandomNet, STATIC_FORMS} from '../../support/fuzz/quantize-random-net.js'

const NETS = 30
/** Of the outputs: 25 dB and more is what 8 bits give in nets of up to ten layers. */
const FLOOR_DB = 25

describe(`${NETS} random nets on integers`, () => {
  const folder = new DataFolder()
  const forms = Object.keys(STATIC_FORMS) as (keyof typeof STATIC_FORMS)[]
  after(() => folder.remove())

  for (const [index, form] of forms.entries()) {
    it(`${form}: load, run and answer alike`, async () => {
      for (let seed = index; seed < NETS; seed += forms.length) {
        const decibels = await quantizeRandomNet(seed, form, folder.path)
        expect(decibels, `net ${seed}`).to.be.at.least(FLOOR_DB)
      }
    })
  }
})
