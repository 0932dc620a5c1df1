import {relative} from 'node:path'
import {expect} from 'chai'
import {modelsIn, roundTripFault} from '../support/round-trip.js'

/** Debian's package libonnx-testdata: ONNX's own test models. */
const FOLDER = '/usr/share/libonnx-testdata/data'
const MODELS = 1072

describe(`the ${MODELS} test models of ONNX, read and written`, () => {
  const paths = modelsIn(FOLDER)

  it('are all there', () => {
    expect(paths).to.have.length(MODELS)
  })

  for (const path of paths) {
    it(`gives ${relative(FOLDER, path)} back, as two other readers see it`, async () => {
      expect(await roundTripFault(path)).to.equal(undefined)
    })
  }
})
