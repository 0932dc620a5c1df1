import {expect} from 'chai'
import {encodeModel} from '../../../src/io/encode-model.js'
import {openModel} from '../../../src/io/open-model.js'
import {verify} from '../../../src/ir/verify.js'
import {PREPARATION, RULE_NAMES, RULES} from '../../../src/passes/simplify/rules.js'
import {simplifyGraph} from '../../../src/passes/simplify/simplify-graph.js'
import {evaluateInProcess} from '../../support/evaluate-in-process.js'

const MODELS = ['bert_spam', 'lstm_spam', 'mobile_fm_bn', 'resnet8_fm_bn'] as const
const VAD = 'node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx'

describe('RULES', () => {
  it('have names of their own, which their passes and changes bear', async () => {
    expect(new Set(RULE_NAMES).size).to.equal(RULES.length)
    for (const path of [...MODELS.map((name) => `fixtures/models/${name}.onnx`), VAD]) {
      const {model, close} = await openModel(path)
      const {changed} = await simplifyGraph(model, {rules: RULES, limitBytes: 0, evaluate: evaluateInProcess})
      close()
      for (const {rule} of changed) expect(RULE_NAMES).to.include(rule)
    }
  })

  it('keep every invariant of the graph, each one alone', async () => {
    for (const rule of RULES) {
      const {model, close} = await openModel(VAD)
      await simplifyGraph(model, {rules: [rule], limitBytes: 0, evaluate: evaluateInProcess})
      expect(verify(model.graph), rule.name).to.deep.equal([])
      close()
    }
  })

  it('give the same file every time', async () => {
    const files = []
    for (let run = 0; run < 2; run++) {
      const {model, close} = await openModel(VAD)
      await simplifyGraph(model, {rules: RULES, limitBytes: 1000, evaluate: evaluateInProcess})
      files.push(encodeModel(model))
      close()
    }
    expect(Buffer.compare(files[0] as Uint8Array, files[1] as Uint8Array)).to.equal(0)
  })
})

describe('PREPARATION', () => {
  it('writes nothing that only ONNX Runtime has', () => {
    const names = PREPARATION.map(({name}) => name)
    expect(names).to.include.members(['fold-constants', 'fold-into-weights', 'remove-identity', 'inline-functions'])
    expect(PREPARATION.some(({fuseOrt}) => fuseOrt)).to.equal(false)
  })
})
