import {existsSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {BugError, UnsupportedError, UsageError} from '../../../src/errors.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import {openModel} from '../../../src/io/open-model.js'
import type {Graph} from '../../../src/ir/graph.js'
import type {Model} from '../../../src/ir/model.js'
import {float32, readFloat32} from '../../../src/ir/tensor.js'
import type {SimplifyOptions} from '../../../src/options/simplify.js'
import type {Rule} from '../../../src/passes/simplify/rule.js'
import {RULES} from '../../../src/passes/simplify/rules.js'
import {simplify, simplifyWith} from '../../../src/pipelines/simplify/simplify.js'
import {type SimplifyResult, simplifyResult} from '../../../src/results.js'
import {DataFolder} from '../../support/data-folder.js'
import {floatFeed, modelOf, type Write} from '../../support/pass-trial.js'
import {type Flat, SILENT, SPAM_DATA, simplifyOptions} from '../../support/pipeline-options.js'
import {runGraph} from '../../support/run-graph.js'

const OPTIONS = simplifyOptions({})

describe('simplify', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  const at = (name: string) => join(folder.path, name)

  function run(model: string, options: Flat<SimplifyOptions> = {}): Promise<SimplifyResult> {
    return simplify(
      `fixtures/models/${model}.onnx`,
      simplifyOptions({force: true, output: at(`${model}.onnx`), ...options}),
      SILENT,
    )
  }

  function write(name: string, graph: Write, opset?: number): string {
    return folder.write(name, encodeModel(modelOf(graph, opset)))
  }

  async function nodesIn(path: string): Promise<Model> {
    const {model, close} = await openModel(path)
    close()
    return model
  }

  for (const [model, most] of [
    ['bert_spam', 174],
    ['lstm_spam', 8],
    ['resnet8_fm_bn', 22],
    ['mobile_fm_bn', 35],
  ] as const) {
    it(`leaves at most ${most} nodes of ${model}, the same outputs, and no larger file`, async () => {
      const result = await run(model, {output: at(`${model}.onnx`)})
      expect(simplifyResult.safeParse(result).error).to.equal(undefined)
      expect(result.nodes.after).to.be.at.most(most)
      expect(result.fidelity?.cosine).to.be.closeTo(1, 1e-6)
      expect(result.output.sizeBytes).to.be.at.most(result.input.sizeBytes)
      expect(statSync(result.output.path).size).to.equal(result.output.sizeBytes)
    })
  }

  it('checks on the data when there is some', async () => {
    const {fidelity} = await run('bert_spam', {...SPAM_DATA})
    expect(fidelity).to.include({inputs: 'data', agreement: 1})
  })

  it('raises the opset first, so that rules may use newer operators', async () => {
    const {nodes, opset, output} = await run('bert_spam', {opset: 20})
    expect(opset).to.deep.equal({before: 13, after: 20})
    expect(nodes.after).to.be.at.most(120)
    const {graph} = await nodesIn(output.path)
    expect(graph.nodes().filter(({opType}) => opType === 'LayerNormalization')).to.have.length(7)
  })

  it('makes sizes that are given part of the model, and folds what they decide', async () => {
    const free = await run('bert_spam')
    const {nodes, output} = await run('bert_spam', {inputShapes: {input_ids: [2, 64], attention_mask: [2, 64]}})
    expect(nodes.after).to.be.below(free.nodes.after)
    const {graph} = await nodesIn(output.path)
    expect(graph.inputs.map(({type}) => type?.kind === 'tensor' && type.shape)).to.deep.equal([
      [2, 64],
      [2, 64],
    ])
    expect(graph.nodes().some(({opType}) => opType === 'Shape')).to.equal(false)
  })

  it('gives the same bytes every time', async () => {
    const runs = []
    for (const name of ['first.onnx', 'second.onnx']) {
      const {output} = await run('bert_spam', {output: at(name), verify: false})
      runs.push(encodeModel(await nodesIn(output.path)))
    }
    expect(Buffer.compare(runs[0] as Uint8Array, runs[1] as Uint8Array)).to.equal(0)
  })

  it('finds nothing more in its own output', async () => {
    const {output} = await run('bert_spam', {verify: false})
    const again = await simplify(output.path, simplifyOptions({output: at('again.onnx'), verify: false}), SILENT)
    expect(again.changed).to.deep.equal([])
  })

  it('says what it would do, writing nothing', async () => {
    const output = at('never.onnx')
    const dry = await run('bert_spam', {dryRun: true, output})
    expect(existsSync(output)).to.equal(false)
    const real = await run('bert_spam', {output})
    expect(dry.output).to.deep.equal(real.output)
    expect(dry.changed).to.deep.equal(real.changed)
    expect([dry.dryRun, dry.fidelity, real.dryRun]).to.deep.equal([true, null, false])
  })

  it('leaves rules out, and knows their names', async () => {
    const {changed} = await run('lstm_spam', {skip: ['remove-zero-state']})
    expect(changed).to.deep.equal([])
    const error = await run('lstm_spam', {skip: ['remove-everything']}).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(UsageError)
    expect((error as UsageError).hint).to.include('remove-zero-state')
  })

  it('refuses an opset below that of the model', async () => {
    const error = await run('lstm_spam', {opset: 9}).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(UnsupportedError)
  })

  it('folds constants in a child process', async () => {
    const graph: Write = (build) => {
      const weight = build.op('Transpose', [build.floats(Array.from({length: 32}, Math.sin), [4, 8])])
      build.output(build.op('MatMul', [build.input('x', ['N', 8]), build.op('Exp', [weight])], {}, {outputs: ['y']}))
    }
    const path = write('constants.onnx', graph)
    const {nodes, output} = await simplify(path, OPTIONS, SILENT)
    expect(nodes).to.deep.equal({before: 3, after: 1})
    const feeds = {x: floatFeed([3, 8])}
    const [before, after] = [await runGraph(modelOf(graph), feeds), await runGraph(await nodesIn(output.path), feeds)]
    expect(after.y?.data).to.deep.equal(before.y?.data)
  })

  it('does not compare a model that draws random numbers, and says so', async () => {
    const path = write('random.onnx', (build) => {
      const x = build.op('Identity', [build.op('Abs', [build.input('x', [2])])])
      build.output(build.op('Add', [x, build.op('RandomNormalLike', [x])]))
    })
    const {warnings, nodes} = await simplify(path, OPTIONS, SILENT)
    expect(warnings.map(({code}) => code)).to.include('RANDOM_MODEL')
    expect(nodes).to.deep.equal({before: 4, after: 3})
  })

  it('keeps inputs with defaults on request', async () => {
    const {output} = await run('cnn_fm', {keepInitializerInputs: true})
    expect((await nodesIn(output.path)).graph.inputs).to.have.length(1)
  })

  it('writes nothing when an output differs, and names the rule to blame', async () => {
    const output = at('wrong.onnx')
    const rules = [...RULES.slice(0, 5), spoiler(), ...RULES.slice(5)]
    const options = simplifyOptions({output})
    const error = await simplifyWith(rules, 'fixtures/models/mlp_fm.onnx', options, SILENT).catch((reason) => reason)
    expect(error).to.be.instanceOf(BugError)
    expect(error.message).to.match(/output 'logits' differs by up to .* Rule 'spoil' is to blame/)
    expect(error.hint).to.match(/--skip spoil/)
    expect(existsSync(output)).to.equal(false)
    expect(readdirSync(folder.path).filter((name) => name.includes('wrong'))).to.deep.equal([])
  })
})

/** Adds 0.01 to every element of the first bias, once. */
function spoiler(): Rule {
  const spoiled = new Set<Graph>()
  const run = (graph: Graph) => {
    const bias = graph.constants().find(({constant}) => constant?.shape.length === 1)
    if (!bias?.constant || spoiled.has(graph)) return {changed: [], skipped: []}
    spoiled.add(graph)
    graph.setConstant(bias, float32(readFloat32(bias.constant).map((value) => value + 0.01)))
    return {changed: [{rule: 'spoil'}], skipped: []}
  }
  return {name: 'spoil', create: () => ({name: 'spoil', run})}
}
