import {existsSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {pruneResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
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

  for (const [what, args, text] of [
    ['a share above 1', ['--sparsity', '150%'], /--sparsity/],
    ['a structure that is not built yet', ['--structure', 'channel'], /--structure/],
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
