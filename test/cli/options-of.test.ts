import {Parser} from '@oclif/core'
import {expect} from 'chai'
import {flagsOf} from '../../src/cli/flags-of.js'
import {modelArg} from '../../src/cli/model-arg.js'
import {optionsOf} from '../../src/cli/options-of.js'
import {simplifyOptions} from '../../src/options/simplify.js'

const flags = flagsOf(simplifyOptions)

/** What a line of arguments comes to. */
async function parse(line: string) {
  const parsed = await Parser.parse(line.split(' ').filter(Boolean), {args: {model: modelArg}, flags, strict: true})
  return {args: parsed.args, options: () => optionsOf(simplifyOptions, parsed.flags)}
}

describe('optionsOf', () => {
  it('have the documented defaults', async () => {
    const {output, data, run, budget} = (await parse('m.onnx')).options()
    expect(output).to.include({force: false, externalData: 'auto', verify: true, time: true})
    expect(data).to.deep.equal({offset: 0, evalOffset: 0, map: {}, preprocess: {}})
    expect(run).to.deep.equal({provider: 'cpu', threads: 1, seed: 0, inputShapes: {}, dims: {}, feed: {}})
    expect(budget).to.deep.equal({strict: false})
  })

  it('hold what was typed, in the units of the pipelines', async () => {
    const line = `--data d.npz --map a=x --map b=y --resize 28x30 --scale 1/255 --mean 0.5,0.4,0.3 --std 1
      --input-shape x=1,3 --dim T=64 --dim S=2 --no-verify --limit 5 -o out/ --min-speedup 1.5 m.onnx`
    const {args, options} = await parse(line.replace(/\s+/g, ' '))
    const {output, data, run, budget} = options()
    expect(args.model).to.equal('m.onnx')
    expect(output).to.include({path: 'out/', verify: false, time: true})
    const {map, preprocess, limit} = data
    expect({map, limit}).to.deep.equal({map: {a: 'x', b: 'y'}, limit: 5})
    expect(preprocess).to.deep.equal({resize: [28, 30], scale: 1 / 255, mean: [0.5, 0.4, 0.3], std: [1]})
    expect(run).to.deep.include({inputShapes: {x: [1, 3]}, dims: {T: 64, S: 2}})
    expect(budget.minSpeedup).to.equal(1.5)
  })

  it('refuse labels without data and a standard deviation of 0', async () => {
    const labels = await parse('m.onnx --labels l.npy')
    expect(labels.options).to.throw('--labels: expected --data with it')
    const std = await parse('m.onnx --std 1,0')
    expect(std.options).to.throw('--std: expected values above 0')
  })

  it('take constants, a preprocessor file and the column of labels', async () => {
    const {options} = await parse(
      'm.onnx --feed sr=16000 --feed a:b=c.npy --preprocess p.json --label-column kind --no-shuffle',
    )
    const {data, run} = options()
    expect(run.feed).to.deep.equal({sr: '16000', 'a:b': 'c.npy'})
    expect(data).to.include({preprocessFile: 'p.json', labelColumn: 'kind', shuffle: false})
    const twice = await parse('m.onnx --feed sr=1 --feed sr=2')
    expect(twice.options).to.throw("--feed: expected each name once, got 'sr' twice")
  })

  it('do not let a preprocessor file and flags say the same, but the channels and the layout', async () => {
    const mean = await parse('m.onnx --preprocess p.json --mean 0.5')
    expect(mean.options).to.throw('--mean: expected it in p.json, got both')
    const layout = await parse('m.onnx --preprocess p.json --layout nhwc --channels bgr')
    expect(layout.options().data.preprocess).to.deep.equal({layout: 'nhwc', channels: 'bgr'})
  })

  it('do not let a repeatable flag swallow the model behind it', async () => {
    expect((await parse('--dim T=64 m.onnx')).args.model).to.equal('m.onnx')
  })
})
