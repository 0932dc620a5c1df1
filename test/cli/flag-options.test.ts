import {Parser} from '@oclif/core'
import {expect} from 'chai'
import {budgetOptions, dataOptions, outputOptions, runOptions} from '../../src/cli/flag-options.js'
import {budgetFlags, dataFlags, modelArg, outputFlags, runFlags} from '../../src/cli/flags.js'

const flags = {...outputFlags, ...dataFlags, ...runFlags, ...budgetFlags}

async function parse(line: string) {
  return Parser.parse(line.split(' ').filter(Boolean), {args: {model: modelArg}, flags, strict: true})
}

describe('flag options', () => {
  it('have the documented defaults', async () => {
    const {flags} = await parse('m.onnx')
    expect(outputOptions(flags)).to.include({force: false, externalData: 'auto', verify: true, time: true})
    expect(dataOptions(flags)).to.deep.include({offset: 0, shuffle: false, evalOffset: 0, map: {}, preprocess: {}})
    expect(runOptions(flags)).to.deep.equal({provider: 'cpu', threads: 1, seed: 0, inputShapes: {}, dims: {}})
    expect(budgetOptions(flags)).to.include({maxDrop: undefined, file: undefined, strict: false})
  })

  it('hold what was typed, in the units of the pipelines', async () => {
    const line = `--data d.npz --map a=x --map b=y --resize 28x30 --scale 1/255 --mean 0.5,0.4,0.3 --std 1
      --input-shape x=1,3 --dim T=64 --dim S=2 --no-verify --limit 5 -o out/ --min-speedup 1.5 m.onnx`
    const {args, flags} = await parse(line.replace(/\s+/g, ' '))
    expect(args.model).to.equal('m.onnx')
    expect(outputOptions(flags)).to.include({output: 'out/', verify: false, time: true})
    const {map, preprocess, limit} = dataOptions(flags)
    expect({map, limit}).to.deep.equal({map: {a: 'x', b: 'y'}, limit: 5})
    expect(preprocess).to.deep.equal({resize: [28, 30], scale: 1 / 255, mean: [0.5, 0.4, 0.3], std: [1]})
    expect(runOptions(flags)).to.deep.include({inputShapes: {x: [1, 3]}, dims: {T: 64, S: 2}})
    expect(budgetOptions(flags).minSpeedup).to.equal(1.5)
  })

  it('refuse labels without data and a standard deviation of 0', async () => {
    const labels = await parse('m.onnx --labels l.npy')
    expect(() => dataOptions(labels.flags)).to.throw('--labels: expected --data with it')
    const std = await parse('m.onnx --std 1,0')
    expect(() => dataOptions(std.flags)).to.throw('--std: expected values above 0')
  })

  it('do not let a repeatable flag swallow the model behind it', async () => {
    expect((await parse('--dim T=64 m.onnx')).args.model).to.equal('m.onnx')
  })
})
