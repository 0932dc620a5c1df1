import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {type BadData, makeBadData} from '../support/bad-data.js'
import {type BadFiles, makeBadFiles} from '../support/bad-files.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const MLP = 'fixtures/models/mlp_fm.onnx'

describe('bad input of verbs that write a model', () => {
  let files: BadFiles
  let data: BadData
  before(() => {
    files = makeBadFiles()
    data = makeBadData()
  })
  after(() => {
    files.remove()
    data.folder.remove()
  })

  /** One line, the right exit code, nothing on stdout, nothing new in any folder. */
  async function expectRefusal(args: readonly string[], code: number, text: RegExp): Promise<void> {
    const listing = () => [readdirSync(files.folder), readdirSync(data.folder.path)]
    const before = listing()
    const outcome = await runMopt(args)
    expect(errorLine(outcome)).to.match(text)
    expect(outcome.stderr).not.to.match(/^ +at /m)
    expect({code: outcome.code, stdout: outcome.stdout}).to.deep.equal({code, stdout: ''})
    expect(listing()).to.deep.equal(before)
  }

  const models: readonly (readonly [what: string, path: () => string, text: RegExp])[] = [
    ['a missing file', () => files.missing, /missing\.onnx: expected a file/],
    ['a folder', () => files.folder, /folder/],
    ['an empty file', () => files.empty, /empty/],
    ['a picture', () => files.image, /expected an ONNX model, got a PNG/],
    ['half a model', () => files.half, /cut short/],
    ['a tensor of 2^40 elements', () => files.huge, /w/],
    ['external data outside the folder', () => files.outside, /\.\.\/\.\.\/etc\/passwd/],
  ]
  // both verbs share their walk: each row tries one of them
  for (const [index, [what, path, text]] of models.entries()) {
    const verb = index % 2 === 0 ? 'quantize' : 'prune'
    it(`${verb} refuses ${what}`, () => expectRefusal([verb, path()], 2, text))
  }

  const samples: readonly (readonly [what: string, path: () => string, text: RegExp])[] = [
    ['data that is not there', () => data.missing, /missing\.npz/],
    ['data of another shape', () => data.wrongShape, /expected .*28.*got .*10/],
    ['data with NaN', () => data.withNaN, /NaN/],
  ]
  for (const [what, path, text] of samples) {
    it(`refuses ${what}, to learn from and to judge on`, async () => {
      const output = join(data.folder.path, 'out.onnx')
      await expectRefusal(['quantize', MLP, '-o', output, '--data', path()], 2, text)
      await expectRefusal(['prune', MLP, '-o', output, '--eval', path()], 2, text)
    })
  }

  it('refuses fewer labels than samples', async () => {
    const output = join(data.folder.path, 'out.onnx')
    await expectRefusal(
      ['prune', MLP, '-o', output, '--eval', data.fewLabels],
      2,
      /8 .*label.*5|5 .*label.*8|label.*8.*5/,
    )
  })

  it('refuses folders that are none, that are missing, and files it may not write', async () => {
    await expectRefusal(['quantize', MLP, '-o', join(files.empty, 'out.onnx')], 2, /empty\.onnx.*folder/)
    await expectRefusal(['prune', MLP, '-o', join(files.folder, 'missing', 'out.onnx')], 2, /missing/)
    await expectRefusal(['prune', MLP, '-o', '/proc/out.onnx'], 2, /\/proc\/out\.onnx/)
  })

  it('refuses to overwrite the input, even with --force', async () => {
    await expectRefusal(['prune', MLP, '-o', MLP, '--force'], 2, /is the input, which is never overwritten/)
  })
})
