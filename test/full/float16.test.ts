import {expect} from 'chai'
import {openModel} from '../../src/io/open-model.js'
import {verify} from '../../src/ir/verify.js'
import {inferModel, opsetOf} from '../../src/ops/infer-graph.js'
import {computeFloat16} from '../../src/passes/quantize/float16/float16-compute.js'
import {type StoredCase, storedCases} from '../support/onnx-testdata.js'
import {runStoredCase} from '../support/run-stored-case.js'

/** Since this version Cast names its type by number. */
const CAST_BY_NUMBER = 6
/** 11 bits, and functions that stretch a rounding of their input: what is broken is off by more, or does not load. */
const TOLERANCE = 0.1

/** The model in float16 behind float32 inputs and outputs; undefined where the case does not run as it is, or has nothing to convert. */
async function converted(stored: StoredCase) {
  const {model} = await openModel(stored.modelPath)
  const names = model.graph.inputs.map(({name}) => name)
  const before = await runStoredCase(model, stored, names)
  if (!before.ran || before.worst > 1e-2 || opsetOf({domain: ''}, model) < CAST_BY_NUMBER) return undefined
  inferModel(model)
  const {changed, skipped} = await computeFloat16({keepIo: true}).run(model.graph)
  expect(verify(model.graph)).to.deep.equal([])
  return changed.length + skipped.length > 0 ? {model, names} : undefined
}

describe('float16 on every operator case of ONNX', () => {
  let done = 0
  after(() => {
    expect(done).to.be.above(900)
  })

  for (const stored of storedCases()) {
    it(stored.name, async () => {
      const half = await converted(stored)
      if (!half) return
      const run = await runStoredCase(half.model, stored, half.names)
      if (!run.ran) throw new Error(run.reason)
      expect(run.worst).to.be.below(TOLERANCE)
      done++
    })
  }
})
