import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {AttributeProto_AttributeType as AttributeType} from 'onnx-buf'
import {openModel} from '../../../../src/io/open-model.js'
import type {Model} from '../../../../src/ir/model.js'
import {verify} from '../../../../src/ir/verify.js'
import {RULES} from '../../../../src/passes/simplify/rules.js'
import {simplifyModel} from '../../../../src/pipelines/simplify/simplify-model.js'
import {foreignModel, port} from '../../../support/foreign-model.js'
import {floatFeed, maxDifference, opTypes} from '../../../support/pass-trial.js'
import {runGraph} from '../../../support/run-graph.js'

type Functions = NonNullable<Parameters<typeof foreignModel>[1]>['functions']

const folder = mkdtempSync(join(tmpdir(), 'mopt-functions-'))
const FIXED = {rules: RULES, limitBytes: 0, inputShapes: {}, dims: {}}

/** y = outer(x), where outer(x) = twice(LeakyRelu(x, alpha)) and twice(x) = x + x. */
function functionsAt(opset: bigint): Functions {
  const opsetImport = [{version: opset}, {domain: 'local', version: 1n}]
  const alpha = {name: 'alpha', refAttrName: 'slope', type: AttributeType.FLOAT}
  return [
    {
      name: 'twice',
      domain: 'local',
      input: ['a'],
      output: ['b'],
      opsetImport,
      node: [{opType: 'Add', input: ['a', 'a'], output: ['b']}],
    },
    {
      name: 'outer',
      domain: 'local',
      input: ['x'],
      output: ['y'],
      attribute: ['slope'],
      opsetImport,
      node: [
        {name: 'leak', opType: 'LeakyRelu', input: ['x'], output: ['t'], attribute: [alpha]},
        {opType: 'twice', domain: 'local', input: ['t'], output: ['y']},
      ],
    },
  ]
}

async function openWith(functions: Functions, opset = 17n): Promise<Model> {
  const slope = {name: 'slope', type: AttributeType.FLOAT, f: 0.5}
  const node = [
    {name: 'first', opType: 'outer', domain: 'local', input: ['x'], output: ['h'], attribute: [slope]},
    {name: 'second', opType: 'outer', domain: 'local', input: ['h'], output: ['y']},
  ]
  const graph = {name: 'g', input: [port('x', 4)], output: [port('y', 4)], node}
  const opsetImport = [{version: opset}, {domain: 'local', version: 1n}]
  const path = join(folder, 'model.onnx')
  writeFileSync(path, foreignModel(graph, {functions: functions ?? [], opsetImport}))
  const {model, close} = await openModel(path)
  close()
  return model
}

describe('inlineFunctions', () => {
  after(() => rmSync(folder, {recursive: true, force: true}))

  it('puts bodies in place of calls, in calls of calls too, with their attributes and defaults', async () => {
    const model = await openWith(functionsAt(17n))
    const feeds = {x: floatFeed([4])}
    const before = await runGraph(model, feeds)
    const {changed} = await simplifyModel(model, 'model.onnx', FIXED)
    expect(verify(model.graph)).to.deep.equal([])
    expect(opTypes(model)).to.deep.equal(['LeakyRelu', 'Add', 'LeakyRelu', 'Add'])
    expect(model.graph.nodes().map((node) => node.float('alpha', 0.01))).to.deep.equal([0.5, 0.01, 0.01, 0.01])
    expect(model.graph.nodes()[0]?.name).to.equal('first/leak')
    expect(changed.filter(({rule}) => rule === 'inline-functions')).to.have.length(4)
    expect(model.functions).to.deep.equal([])
    expect([...model.opsets.keys()]).to.deep.equal([''])
    expect(maxDifference(before, await runGraph(model, feeds))).to.equal(0)
  })

  it('brings a body of an older opset to that of the model', async () => {
    const functions = functionsAt(12n)?.map((definition) => ({
      ...definition,
      ...(definition.name === 'twice' && {
        node: [
          {
            opType: 'ReduceSum',
            input: ['a'],
            output: ['b'],
            attribute: [{name: 'axes', type: AttributeType.INTS, ints: [0n]}],
          },
        ],
      }),
    }))
    const model = await openWith(functions as Functions)
    const feeds = {x: floatFeed([4])}
    const before = await runGraph(model, feeds).catch(() => undefined)
    await simplifyModel(model, 'model.onnx', FIXED)
    expect(opTypes(model)).to.deep.equal(['LeakyRelu', 'ReduceSum', 'LeakyRelu', 'ReduceSum'])
    const after = await runGraph(model, feeds)
    if (before) expect(maxDifference(before, after)).to.equal(0)
  })

  it('leaves a call of a function that is newer than the model, and says so', async () => {
    const model = await openWith(functionsAt(18n))
    const {skipped} = await simplifyModel(model, 'model.onnx', FIXED)
    expect(opTypes(model)).to.deep.equal(['outer', 'outer'])
    expect(skipped[0]?.reason).to.equal('the function is written for opset 18, the model for 17')
    expect(model.functions).to.have.length(2)
    await simplifyModel(model, 'model.onnx', {...FIXED, opset: 18})
    expect(opTypes(model)).to.deep.equal(['LeakyRelu', 'Add', 'LeakyRelu', 'Add'])
  })
})
