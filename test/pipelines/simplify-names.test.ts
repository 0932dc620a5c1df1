import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {AttributeProto_AttributeType as Attr} from 'onnx-buf'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {simplify} from '../../src/pipelines/simplify/simplify.js'
import {DataFolder} from '../support/data-folder.js'
import {FLOAT, type ForeignGraph, foreignModel, port, readForeign} from '../support/foreign-model.js'
import {SILENT, simplifyOptions} from '../support/pipeline-options.js'

type Nodes = ForeignGraph['node'] & {}

const node = (opType: string, input: string[], output: string, domain = '') => ({
  opType,
  input,
  output: [output],
  domain,
})
const weight = (...values: number[]) => [{name: 'w', dims: [2n], dataType: FLOAT, floatData: values}]
const branch = (nodes: Nodes, output: string, initializer: ForeignGraph['initializer'] & {} = []): ForeignGraph => ({
  ...{name: 'branch', node: nodes, initializer, output: [port(output, 2)]},
})
const choose = (condition: string, yes: ForeignGraph, no: ForeignGraph, output: string) => ({
  opType: 'If',
  input: [condition],
  output: [output],
  attribute: [
    {name: 'then_branch', type: Attr.GRAPH, g: yes},
    {name: 'else_branch', type: Attr.GRAPH, g: no},
  ],
})
const conditions = [1, 0].map((value, index) => ({
  ...{name: ['yes', 'no'][index] ?? '', dims: [], dataType: 9, int32Data: [value]},
}))

/** x → h → t, by operators and names that the branches share. */
const chain = (first: string, second: string): ForeignGraph =>
  branch([node(first, ['x'], 'h'), node(second, ['h'], 't')], 't')
const scaled = (...values: number[]): ForeignGraph => branch([node('Mul', ['x', 'w'], 't')], 't', weight(...values))

describe('simplify, where scopes beside each other use the same names', function () {
  this.timeout(60_000)
  const folder = new DataFolder()
  after(() => folder.remove())

  const write = (nodes: Nodes, more: object = {}): string => {
    const graph = {name: 'g', input: [port('x', 2)], output: [port('y', 2)], node: nodes, initializer: conditions}
    return folder.write('model.onnx', foreignModel(graph, more))
  }

  const models: Record<string, () => string> = {
    'two branches that always run': () => 'fixtures/cases/if-same-names/model.onnx',
    'weights of one name in both branches, and outside': () =>
      write([
        choose('yes', scaled(2, 3), scaled(5, 7), 'a'),
        choose('no', scaled(11, 13), scaled(17, 19), 'b'),
        node('Add', ['a', 'b'], 'y'),
      ]),
    'a branch inside a branch': () => {
      const inner = branch([choose('no', chain('Sin', 'Neg'), chain('Cos', 'Abs'), 'i'), node('Neg', ['i'], 't')], 't')
      return write([
        choose('yes', inner, chain('Exp', 'Neg'), 'a'),
        choose('yes', chain('Abs', 'Exp'), inner, 'b'),
        node('Sub', ['a', 'b'], 'y'),
      ])
    },
    'a branch that stays': () =>
      write([
        node('ReduceMax', ['x'], 'm'),
        {...node('Cast', ['m'], 'c'), attribute: [{name: 'to', type: Attr.INT, i: 9n}]},
        node('Squeeze', ['c'], 's'),
        choose('yes', chain('Sin', 'Neg'), chain('Cos', 'Abs'), 'a'),
        choose('s', chain('Abs', 'Exp'), chain('Neg', 'Exp'), 'b'),
        choose('no', chain('Exp', 'Neg'), chain('Abs', 'Cos'), 'd'),
        node('Sum', ['a', 'b', 'd'], 'y'),
      ]),
    'functions with names of the graph, called twice': () => {
      const body = [node('Sin', ['in'], 'h'), node('Add', ['h', 'in'], 'out')]
      const imports = [
        {domain: '', version: 17n},
        {domain: 'my', version: 1n},
      ]
      const twice = {name: 'F', domain: 'my', input: ['in'], output: ['out'], node: body, opsetImport: imports}
      return write([node('F', ['x'], 'h', 'my'), node('F', ['h'], 'out', 'my'), node('Sub', ['out', 'h'], 'y')], {
        opsetImport: imports,
        functions: [twice],
      })
    },
  }
  for (const [what, path] of Object.entries(models)) {
    it(`gives fresh names to what it brings together: ${what}`, async () => {
      const input = path()
      const output = join(folder.path, 'out.onnx')
      const result = await simplify(input, simplifyOptions({force: true, output}), SILENT)
      expect(result.fidelity?.maxAbs).to.be.at.most(1e-6)
      const graph = readForeign(readFileSync(output)).graph
      expect(graph?.output.map(({name}) => name)).to.deep.equal(['y'])
      expect(await run(output)).to.deep.equal(await run(input))
    })
  }
})

/** In this process, optimizations off: not the way the verb itself compares. */
async function run(path: string): Promise<number[]> {
  const session = await InferenceSession.create(path, {graphOptimizationLevel: 'disabled', logSeverityLevel: 4})
  const {y} = await session.run({x: new OrtTensor('float32', Float32Array.of(0.7, -1.3), [2])})
  return Array.from(y?.data as Float32Array)
}
