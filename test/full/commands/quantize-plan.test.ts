import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {quantizePlanResult, quantizeResult} from '../../../src/results.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorLine, runMopt} from '../../support/run-mopt.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
const IMAGES = ['--mean', '0.286', '--std', '0.353', '--data', 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz']

describe('mopt quantize --plan', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('prints what becomes of each node and why, and writes nothing', async () => {
    const {code, stdout} = await runMopt(['quantize', '--plan', MLP])
    expect(code).to.equal(0)
    expect(stdout.split('\n')[0]).to.equal('1 dynamic-int8, 2 stored-int8')
    expect(stdout).to.match(/^node +op +form +because +could be$/m)
    expect(stdout).to.match(
      /Gemm +stored-int8 +M·K·N = \d+ is under 190000: integers would be slower +dynamic-int8 .*float$/m,
    )
    expect(readdirSync('fixtures/models').filter((name) => name.includes('int8'))).to.be.empty
  })

  it('writes a plan that does the same as the rules, and one that was edited does what it says', async () => {
    const [path, ruled, output] = ['plan.yaml', 'ruled.onnx', 'planned.onnx'].map((name) =>
      join(folder.path, name),
    ) as [string, string, string]
    const {code, stdout} = await runMopt(['quantize', MLP, ...IMAGES, '--plan', path, '--json'])
    expect(code).to.equal(0)
    const {nodes, calibration} = quantizePlanResult.parse(JSON.parse(stdout))
    expect(nodes.map(({form}) => form)).to.include('static-int8')
    expect(calibration).to.equal('minmax')
    const untimed = [...IMAGES, '--no-time', '--json', '--no-guard', '--calibration', 'minmax']
    await runMopt(['quantize', MLP, ...untimed, '-o', ruled])
    const planned = await runMopt(['quantize', MLP, ...untimed, '--use-plan', path, '-o', output])
    expect(planned.code, planned.stderr).to.equal(0)
    const formsOf = (text: string) => quantizeResult.parse(JSON.parse(text)).changed.map(({node, to}) => [node, to])
    const [before] = formsOf(planned.stdout).filter(([, to]) => to === 'int8')
    expect(before).not.to.equal(undefined)
    expect(statSync(output).size).to.be.closeTo(statSync(ruled).size, 200)

    const name = before?.[0] as string
    const text = readFileSync(path, 'utf8')
    const at = text.indexOf(`node: ${name}`)
    writeFileSync(path, text.slice(0, at) + text.slice(at).replace('form: static-int8', 'form: stored-uint8'))
    const edited = await runMopt(['quantize', MLP, ...untimed, '--use-plan', path, '-o', output, '--force'])
    expect(edited.code, edited.stderr).to.equal(0)
    expect(formsOf(edited.stdout)).to.deep.include([name, 'uint8'])
    expect((await runMopt(['quantize', MLP, '--plan', path])).code, 'a plan is not written over').to.equal(2)
  })

  it('states what stays float by rule beside layers on integers, in a plan that can be carried out', async () => {
    const [model, path] = ['fixtures/models/vit_fm.onnx', join(folder.path, 'vit.yaml')]
    const {code, stdout} = await runMopt(['quantize', model, '--plan', path, '--json'])
    expect(code).to.equal(0)
    const {nodes} = quantizePlanResult.parse(JSON.parse(stdout))
    for (const op of ['LayerNormalization', 'Softmax', 'Erf']) {
      const found = nodes.filter((node) => node.op === op)
      expect(found, op).not.to.be.empty
      for (const {form, because} of found) expect([form, because].join(': ')).to.match(/^float: .*never on integers$/)
    }
    const output = join(folder.path, 'vit.onnx')
    const done = await runMopt(['quantize', model, '--use-plan', path, '--no-time', '--no-verify', '-o', output])
    expect(done.code, done.stderr).to.equal(0)
  })

  for (const [what, text, message] of [
    ['a node the model has not', 'nodes: [{node: nowhere, form: float}]', /expected nodes of the model, got 'nowhere'/],
    ['a form a node cannot have', 'nodes: [{node: /1/Gemm, form: table-int8}]', /cannot be table-int8/],
    [
      'a form without its data',
      'nodes: [{node: /1/Gemm, form: static-int8}]',
      /static-int8: ranges are taken from --data/,
    ],
    ['a form that is none', 'nodes: [{node: /1/Gemm, form: int3}]', /node '\/1\/Gemm': form: /],
    ['no plan', 'hello: there', /plan\.yaml: /],
    ['no YAML', 'nodes: [', /expected a plan in YAML/],
  ] as const) {
    it(`refuses ${what} in one line`, async () => {
      const path = folder.write('plan.yaml', text)
      const refused = await runMopt([
        'quantize',
        MLP,
        '--use-plan',
        path,
        '--no-verify',
        '-o',
        join(folder.path, 'x.onnx'),
      ])
      expect(refused.code).to.equal(2)
      expect(errorLine(refused)).to.match(message)
    })
  }
})
