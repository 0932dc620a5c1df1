import {statSync} from 'node:fs'
import {expect} from 'chai'
import {fuzz} from '../support/fuzz/fuzz.js'
import {ONNX_TESTDATA} from '../support/onnx-testdata.js'
import {modelsIn} from '../support/round-trip.js'

const FILES = 10_000
/** So that a second is spent on many damaged files, not on one. */
const MAX_SEED_BYTES = 20_000
const LIMIT_MB = 500

describe(`${FILES} damaged files`, () => {
  it('are read or refused: no crash, no hang, no raw exception, no more than 500 MB', async () => {
    const seedFiles = modelsIn(ONNX_TESTDATA).filter((path) => statSync(path).size <= MAX_SEED_BYTES)
    expect(seedFiles).to.have.length.above(900)
    const {read, refused, peakMb, faults} = await fuzz({from: 0, to: FILES, seedFiles})
    expect(faults).to.deep.equal([])
    expect(read + refused).to.equal(FILES)
    expect(Math.min(read, refused)).to.be.above(FILES / 10)
    expect(peakMb).to.be.below(LIMIT_MB)
  })

  it('keep within the same limits when they are larger', async () => {
    const seedFiles = ['mlp_fm', 'mobile_fm_bn', 'resnet8_fm'].map((name) => `fixtures/models/${name}.onnx`)
    const {faults} = await fuzz({from: 0, to: FILES / 20, seedFiles, onlyFiles: true})
    expect(faults).to.deep.equal([])
  })
})
