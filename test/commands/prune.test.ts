import {existsSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {openModel} from '../../src/io/open-model.js'
import {RECORD_KEY} from '../../src/provenance/record.js'
import {pruneGroupsResult, pruneResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
const CNN = 'fixtures/models/cnn_fm.onnx'
const EVAL = ['--eval', 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz', '--mean', '0.286', '--std', '0.353']

describe('mopt prune', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('prints for people how much is zero, what it compresses to, and what it costs', async () => {
    const {code, stdout} = await runMopt([
      'prune',
      MLP,
      '-o',
      `${folder.path}/`,
      '--sparsity',
      '50%',
      '--no-time',
      ...EVAL,
    ])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^mlp_fm\.pruned\.onnx: 942 kB, \d{3} bytes more than the input$/m)
    expect(stdout).to.match(/^pruned +50 % of the values in 3 weights are zero$/m)
    expect(stdout).to.match(/^compressed +\d+ kB to \d+ kB \(gzip\)$/m)
    expect(stdout).to.match(/^top1 +0\.\d{4} to 0\.\d{4} on 1000 samples$/m)
    expect(readdirSync(folder.path)).to.deep.equal(['mlp_fm.pruned.onnx'])
  })

  it('gives the documented JSON, and exit code 4 with one line when the drop is too large', async () => {
    const output = join(folder.path, 'too-sparse.onnx')
    const args = ['prune', MLP, '-o', output, '--sparsity', '0.95', '--max-drop', '1%', '--no-time', '--json', ...EVAL]
    const {code, stdout, stderr} = await runMopt(args)
    expect(code).to.equal(4)
    const {budget, sparsity, metric} = pruneResult.strict().parse(JSON.parse(stdout))
    expect(sparsity).to.be.closeTo(0.95, 1e-5)
    expect((metric?.before ?? 0) - (metric?.after ?? 0)).to.be.above(0.01)
    expect(budget?.checks.map(({name, passed}) => [name, passed])).to.deep.equal([['max-drop', false]])
    expect(stderr).to.match(
      /^mopt: budget missed: --max-drop 1%: .*too-sparse\.onnx has a drop of .* points in top1.*\n$/,
    )
    expect(statSync(output).size).to.be.above(900_000)
  })

  it('removes channels to a target, says what is left, and writes which went into the record', async () => {
    const output = join(folder.path, 'half.onnx')
    const args = ['prune', CNN, '-o', output, '--structure', 'channel', '--target', 'macs=0.5', '--no-time', '--json']
    const {code, stdout} = await runMopt(args)
    expect(code).to.equal(0)
    const {macs, parameters, removed, sparsity} = pruneResult.strict().parse(JSON.parse(stdout))
    expect(macs.after).to.be.within(0.35 * (macs.before ?? 0), 0.5 * (macs.before ?? 0))
    expect(parameters.after).to.be.below(parameters.before / 2)
    expect(sparsity).to.be.within(0.2, 0.5)
    expect(removed?.map(({kind, size, kept}) => [kind, size, kept.length % 8])).to.deep.equal([
      ['channel', 16, 0],
      ['channel', 32, 0],
      ['channel', 64, 0],
      ['hidden unit', 128, 0],
    ])
    const {model, close} = await openModel(output)
    const [record] = JSON.parse(model.metadata.get(RECORD_KEY) ?? '[]')
    expect(record.chosen.removed).to.deep.equal(removed)
    close()
  })

  it('with samples chooses channels by what they do and repairs what is left, without labels', async () => {
    const pruned = async (...more: string[]) => {
      const output = join(folder.path, 'repaired.onnx')
      const common = ['--structure', 'channel', '--sparsity', '50%', '--no-time', '--json', '--force', ...EVAL]
      const {code, stdout, stderr} = await runMopt(['prune', MLP, '-o', output, ...common, ...more])
      expect(code, stderr).to.equal(0)
      return pruneResult.strict().parse(JSON.parse(stdout))
    }
    const data = ['--data', 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz']
    const [plain, repaired] = [await pruned(), await pruned(...data)]
    expect([plain.criterion, plain.repair]).to.deep.equal(['magnitude', 'none'])
    expect([repaired.criterion, repaired.repair]).to.deep.equal(['wanda', 'least-squares'])
    expect((repaired.metric?.after ?? 0) - (plain.metric?.after ?? 0)).to.be.above(0.03)
    const none = await pruned(...data, '--repair', 'none', '--criterion', 'magnitude', '--scope', 'layer')
    expect(none.removed, 'data alone changes nothing').to.deep.equal(plain.removed)
  })

  it('wants samples for a repair', async () => {
    const refused = await runMopt(['prune', MLP, '--structure', 'channel', '--repair', 'least-squares'])
    expect(refused.code).to.equal(2)
    expect(errorLine(refused)).to.match(/^--repair least-squares: expected samples to measure on, got none/)
  })

  it('removes heads, and prints how many', async () => {
    const args = [
      'prune',
      'fixtures/models/bert_spam.onnx',
      '-o',
      `${folder.path}/`,
      '--structure',
      'head',
      '--no-time',
    ]
    const {code, stdout} = await runMopt([...args, '--sparsity', '50%'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^removed +6 heads in 3 groups: 50 % of all$/m)
    expect(stdout).to.match(/^MACs +\d+\.\d+ % of 11 M$/m)
  })

  it('says what keeps a model whole, with exit code 3', async () => {
    const outcome = await runMopt(['prune', MLP, '-o', join(folder.path, 'heads.onnx'), '--structure', 'head'])
    expect(outcome.code).to.equal(3)
    expect(outcome.stderr).to.match(/nothing to remove: it has no heads of attention.*--groups/)
  })

  it('lists groups for people and as JSON, and writes nothing', async () => {
    const before = readdirSync(folder.path)
    const {stdout} = await runMopt(['prune', CNN, '--groups', '-o', folder.path])
    expect(stdout).to.match(/^5 groups in 426 k parameters, 5.03 M MACs; 4 can be pruned as they are$/m)
    expect(stdout).to.match(/^hidden unit +10 +Gemm '\/fc2\/Gemm' .* it reaches the graph output 'logits'$/m)
    const json = await runMopt(['prune', CNN, '--groups', '--json'])
    const {groups} = pruneGroupsResult.strict().parse(JSON.parse(json.stdout))
    expect(groups[2]?.members).to.deep.include({value: 'fc1.weight', axis: 1, offset: 0, each: 49, copies: 1})
    expect(readdirSync(folder.path)).to.deep.equal(before)
  })

  for (const [what, args, text] of [
    ['a share above 1', ['--sparsity', '150%'], /--sparsity/],
    ['a structure that is not built yet', ['--structure', 'block'], /--structure/],
    ['a target that is no share', ['--structure', 'channel', '--target', 'latency=0.6'], /--target: expected a share/],
    ['a target for zeros', ['--target', 'macs=0.5'], /--target: expected --structure/],
    [
      'a training of what is removed',
      ['--structure', 'channel', '--epochs', '1', '--data', 'x.npz'],
      /--epochs: expected --structure none/,
    ],
    ['a width that leaves the fast kernels', ['--structure', 'channel', '--round-to', '6'], /--round-to/],
    ['a pattern that is none', ['--exclude', '('], /--exclude/],
    ['a learning rate where nothing is trained', ['--lr', '0.1'], /^--lr: expected --epochs with it.*--epochs 5/],
    ['a schedule where nothing is trained', ['--schedule', 'cubic'], /^--schedule: expected --epochs/],
    ['a training without samples', ['--epochs', '1'], /expected samples to learn from/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const output = join(folder.path, 'refused.onnx')
      const outcome = await runMopt(['prune', MLP, '-o', output, ...args])
      expect(errorLine(outcome)).to.match(text)
      expect(outcome.code).to.equal(2)
      expect(existsSync(output)).to.equal(false)
    })
  }
})
