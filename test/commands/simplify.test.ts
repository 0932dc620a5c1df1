import {readdirSync} from 'node:fs'
import {expect} from 'chai'
import {simplifyResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const LSTM = 'fixtures/models/lstm_spam.onnx'
const MLP = 'fixtures/models/mlp_fm.onnx'

describe('mopt simplify', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('prints nodes before and after, and what each rule did', async () => {
    const {code, stdout} = await runMopt(['simplify', LSTM, '-o', `${folder.path}/`, '--no-time'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^lstm_spam\.simplified\.onnx: 2\.04 MB, [\d,]+ bytes less than the input$/m)
    expect(stdout).to.match(/^nodes +13 to 8/m)
    expect(stdout).to.match(/^rules +1 remove-zero-state/m)
    expect(stdout).to.match(/^output +'logits' \(labels\) not judged, .*\(synthetic input\)$/m)
    expect(readdirSync(folder.path)).to.deep.equal(['lstm_spam.simplified.onnx'])
  })

  it('says so when there is nothing to simplify, and still writes what the next step of a script reads', async () => {
    const {code, stdout} = await runMopt(['simplify', MLP, '-o', `${folder.path}/`, '--no-verify'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^nothing to simplify: mlp_fm\.simplified\.onnx /)
    expect(readdirSync(folder.path)).to.include('mlp_fm.simplified.onnx')
  })

  it('only says what it would do with --dry-run', async () => {
    const {code, stdout} = await runMopt(['simplify', LSTM, '-o', `${folder.path}/dry/`, '--dry-run', '-v'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^would write lstm_spam\.simplified\.onnx: /)
    expect(stdout).to.match(/^remove-zero-state +LSTM/m)
    expect(readdirSync(folder.path)).not.to.include('dry')
  })

  it('gives the documented JSON', async () => {
    const {stdout} = await runMopt(['simplify', LSTM, '--dry-run', '--json'])
    const document = JSON.parse(stdout)
    expect(simplifyResult.safeParse(document).error).to.equal(undefined)
    expect(document).to.deep.include({command: 'simplify', nodes: {before: 13, after: 8}, dryRun: true})
  })

  it('refuses a rule that does not exist', async () => {
    const run = await runMopt(['simplify', LSTM, '--dry-run', '--skip', 'magic'])
    expect(run.code).to.equal(2)
    expect(errorLine(run)).to.match(/--skip: expected the name of a rule, got 'magic'.*fold-constants/)
  })
})
