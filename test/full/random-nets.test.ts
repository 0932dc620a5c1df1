import {expect} from 'chai'
import {DataFolder} from '../support/data-folder.js'
import {quantizeRandomNet, STATIC_FORMS} from '../support/fuzz/quantize-random-net.js'

const NETS = 500
/** Of the outputs of the worst net. */
const FLOOR_DB = 25

describe(`${NETS} random nets on integers`, () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  for (const form of Object.keys(STATIC_FORMS) as (keyof typeof STATIC_FORMS)[]) {
    it(`${form}: load, run and answer alike`, async () => {
      const bad: string[] = []
      for (let seed = 0; seed < NETS; seed++) {
        const decibels = await quantizeRandomNet(seed, form, folder.path).catch((error: Error) => error.message)
        if (typeof decibels === 'string') bad.push(`net ${seed}: ${decibels}`)
        else if (decibels !== undefined && decibels < FLOOR_DB) bad.push(`net ${seed}: ${decibels.toFixed(1)} dB`)
      }
      expect(bad).to.deep.equal([])
    })
  }
})
