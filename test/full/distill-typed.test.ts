import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {distillResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const PIXELS = ['--mean', '0.286', '--std', '0.353']
const IMAGES = ['--data', 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz', ...PIXELS]
const TEACHER = 'fixtures/models/cnn_fm.onnx'
const STUDENT = ['--student', 'fixtures/models/mlp_fm.onnx']

describe('mopt distill', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('prints teacher, before and after for people, and writes a report with a picture', async () => {
    const report = join(folder.path, 'report.md')
    const args = [
      'distill',
      TEACHER,
      ...STUDENT,
      ...IMAGES,
      '-o',
      `${folder.path}/`,
      '--epochs',
      '1',
      '--report',
      report,
    ]
    const {code, stdout, stderr} = await runMopt([...args, '--no-time', '--augment', 'shift'])
    expect(code).to.equal(0)
    expect(stderr).to.match(/^mopt: warning: no --eval: 100 of the 500 samples of --data are held out/)
    expect(stdout).to.match(/^mlp_fm\.distilled\.onnx: 942 kB, 55\.\d* % of 1\.71 MB$/m)
    for (const row of ['teacher', 'before', 'after'])
      expect(stdout).to.match(new RegExp(`^${row} +0\\.\\d{4} +\\S+ [kM]B`, 'm'))
    expect(stdout).to.match(
      /^loss +0\.1 x cross-entropy of 'logits' \+ 0\.9 x distillation of 'logits', temperature 4$/m,
    )
    expect(readdirSync(folder.path)).to.have.members(['mlp_fm.distilled.onnx', 'report.md', 'report.svg'])
    expect(readFileSync(report, 'utf8')).to.include('](report.svg)')
  })

  it('gives the documented JSON and exit code 4 for a student that is too far behind', async () => {
    const output = join(folder.path, 'json.onnx')
    const args = ['distill', TEACHER, ...STUDENT, ...IMAGES, '-o', output, '--epochs', '1', '--reinit', '--no-time']
    const {code, stdout, stderr} = await runMopt([...args, '--max-drop', '1%', '--json'])
    expect(code).to.equal(4)
    const {history, metric} = distillResult.strict().parse(JSON.parse(stdout))
    expect(history).to.have.length(1)
    expect(metric.after).to.be.below((metric.teacher ?? 0) - 0.01)
    expect(stderr).to.match(/^mopt: budget missed: --max-drop 1%: .*\n$/)
  })

  for (const [what, args, text, code] of [
    ['a student that is not named', [], /student/, 2],
    ['samples that are not there', STUDENT, /expected samples to learn from/, 2],
    [
      'an augmentation it does not know',
      [...STUDENT, ...IMAGES, '--augment', 'rotate'],
      /--augment: expected some of/,
      2,
    ],
    ['a share above 1', [...STUDENT, ...IMAGES, '--alpha', '2'], /--alpha/, 2],
    ['a report it cannot write', [...STUDENT, ...IMAGES, '--report', 'r.pdf'], /--report r.pdf: expected a name/, 2],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const outcome = await runMopt(['distill', TEACHER, '-o', join(folder.path, 'no.onnx'), ...args])
      expect(errorLine(outcome)).to.match(text)
      expect(outcome.code).to.equal(code)
    })
  }
})
