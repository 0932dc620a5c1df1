import {readdirSync} from 'node:fs'
import {expect} from 'chai'
import {type BadFiles, makeBadFiles} from '../support/bad-files.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

describe('bad input on the command line', () => {
  let files: BadFiles
  before(() => {
    files = makeBadFiles()
  })
  after(() => files.remove())

  const models: readonly (readonly [what: string, path: () => string, text: RegExp])[] = [
    ['a missing file', () => files.missing, /missing\.onnx: expected a file, but there is none/],
    ['a folder', () => files.folder, /models.*folder/],
    ['an empty file', () => files.empty, /empty/],
    ['a picture', () => files.image, /expected an ONNX model, got a PNG/],
    ['a text file', () => files.text, /expected an ONNX model/],
    ['half a model', () => files.half, /cut short/],
    ['a tensor of 2^40 elements', () => files.huge, /w.*(1099511627776|2\^40|bytes)/],
    ['external data outside the folder', () => files.outside, /\.\.\/\.\.\/etc\/passwd/],
    ['standard input', () => '-', /'-' \(standard input\)/],
  ]
  for (const [what, path, text] of models) {
    it(`refuses ${what} as a model, in one line with the exit code 2`, async () => {
      const before = readdirSync(files.folder)
      const outcome = await runMopt(['inspect', path()])
      expect(errorLine(outcome)).to.match(text)
      expect(outcome.code).to.equal(2)
      expect(outcome.stdout).to.equal('')
      expect(readdirSync(files.folder)).to.deep.equal(before)
    })
  }

  const typed: readonly (readonly [args: string, text: RegExp])[] = [
    ['inspct m.onnx', /expected a verb of mopt, got 'inspct'.*Did you mean `mopt inspect`/],
    ['--quiet inspect', /expected a verb first, got '--quiet'/],
    ['inspect', /expected MODEL, got nothing/],
    ['inspect a.onnx b.onnx', /expected no further argument, got 'b.onnx'/],
    ['inspect a.onnx --layer', /unknown flag '--layer' \(hint: Did you mean `--layers`/],
    ['inspect a.onnx --dim', /--dim expects a value/],
    ['inspect a.onnx --dim N', /--dim: expected NAME=SIZE, such as T=64, got 'N'/],
    ['inspect a.onnx --dim N=1 --dim N=2', /--dim: expected each name once, got 'N' twice/],
    ['inspect a.onnx --quiet --verbose', /--verbose=true cannot also be provided when using --quiet/],
    ['inspect fixtures/models/cnn_fm.onnx --dim T=4', /--dim: expected a free size of the model, got 'T'.*are N/],
  ]
  for (const [args, text] of typed) {
    it(`says what is wrong with: mopt ${args}`, async () => {
      const outcome = await runMopt(args.split(' '))
      expect(errorLine(outcome)).to.match(text)
      expect(outcome.code).to.equal(2)
      expect(outcome.stdout).to.equal('')
    })
  }
})
