import {join} from 'node:path'
import {expect} from 'chai'
import {openModel} from '../../src/io/open-model.js'
import {finetuneResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const DATA = ['--data', 'fixtures/spam/spam_train.npz', '--eval', 'fixtures/spam/spam_test.npz']

describe('mopt finetune', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('trains on labels and on a teacher of another family, and gives the documented JSON', async () => {
    const output = join(folder.path, 'lstm.onnx')
    const teacher = ['--teacher', 'fixtures/models/bert_spam.onnx']
    const args = ['finetune', 'fixtures/models/lstm_spam.onnx', '-o', output, ...DATA, ...teacher, '--epochs', '1']
    const {code, stdout} = await runMopt([...args, '--no-time', '--json'])
    expect(code).to.equal(0)
    const {metric, losses, warnings, history, learningRate, teaching} = finetuneResult
      .strict()
      .parse(JSON.parse(stdout))
    expect(losses).to.deep.equal(["0.5 x cross-entropy of 'logits'", "0.5 x distillation of 'logits', temperature 1"])
    expect(teaching).to.deep.equal({alpha: 0.5, temperature: 1, chosen: ['alpha', 'temperature']})
    const {value, chosen, tried = []} = learningRate ?? {}
    expect(chosen).to.equal('auto')
    expect(tried.map((one) => one.value)).to.include(value)
    const records = JSON.parse((await openModel(output)).model.metadata.get('mopt.record') ?? '[]')
    expect(records[0]).to.deep.include({chosen: {learningRate: value, alpha: 0.5, temperature: 1}})
    expect(records[0].options.training ?? {}).to.not.have.property('learningRate')
    expect(metric.teacher).to.be.above(0.95)
    expect(metric.after).to.be.at.least(metric.before)
    expect(history).to.have.length(1)
    // its own note about how it was trained makes no file larger
    expect(warnings.map(({code: kind}) => kind)).not.to.include('LARGER')
  })

  it('wins back what pruning cost, as its examples say', async () => {
    const {stdout} = await runMopt(['finetune', '--help'])
    const [prune = '', finetune = ''] =
      stdout
        .split('EXAMPLES\n')[1]
        ?.split(/^ {2}\$ /m)
        .slice(1) ?? []
    const run = async (example: string, more: readonly string[] = []) => {
      const words = example.replaceAll('/tmp/', `${folder.path}/`).trim().split(/\s+/).slice(1)
      return runMopt([...words, ...more])
    }
    expect((await run(prune)).code).to.equal(0)
    const {metric, skipped} = finetuneResult.parse(JSON.parse((await run(finetune, ['--no-time', '--json'])).stdout))
    expect(metric.after).to.be.above(metric.before + 0.1)
    expect(skipped).to.deep.equal([])
  })

  it('refuses samples without labels where there is no teacher, and says what to do', async () => {
    const images = ['--data', 'fixtures/images', '--resize', '28x28', '--channels', 'gray']
    const outcome = await runMopt(['finetune', 'fixtures/models/mlp_fm.onnx', '-o', `${folder.path}/`, ...images])
    expect(outcome.code).to.equal(2)
    expect(errorLine(outcome)).to.match(/hint: .*--labels FILE|samples, one batch|neither labels/)
  })
})
