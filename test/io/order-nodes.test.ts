import {expect} from 'chai'
import {AttributeProto_AttributeType as Attr} from 'onnx-buf'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {ModelError} from '../../src/errors.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {orderNodes} from '../../src/io/order-nodes.js'
import {readModel} from '../../src/io/read-model.js'
import {verify} from '../../src/ir/verify.js'
import {memorySource} from '../../src/proto/byte-source.js'
import {decode} from '../../src/proto/decode.js'
import {type ForeignGraph, foreignModel, port} from '../support/foreign-model.js'

type Nodes = ForeignGraph['node'] & {}

const unary = (opType: string, input: string, output: string) => ({opType, input: [input], output: [output]})
const branch = (node: Nodes, output: string) => ({name: 'branch', node, output: [port(output, 2)]})
const choose = (yes: ForeignGraph, no: ForeignGraph, output: string) => ({
  opType: 'If',
  input: ['c'],
  output: [output],
  attribute: [
    {name: 'then_branch', type: Attr.GRAPH, g: yes},
    {name: 'else_branch', type: Attr.GRAPH, g: no},
  ],
})
const always = {initializer: [{name: 'c', dims: [], dataType: 9, int32Data: [1]}]}

function read(node: Nodes, more: ForeignGraph = {}) {
  const bytes = foreignModel({name: 'g', input: [port('x', 2)], output: [port('y', 2)], node, ...more})
  return {bytes, parsed: () => readModel(decode('ModelProto', memorySource(bytes)), 'model.onnx')}
}

async function run(bytes: Uint8Array): Promise<number[]> {
  const session = await InferenceSession.create(bytes, {logSeverityLevel: 4})
  const {y} = await session.run({x: new OrtTensor('float32', Float32Array.of(3, -2), [2])})
  return Array.from(y?.data as Float32Array)
}

describe('orderNodes', () => {
  it('leaves nodes that can run in the order of the file', () => {
    const nodes = [unary('Relu', 'x', 'b'), unary('Neg', 'x', 'a'), unary('Abs', 'a', 'c'), unary('Exp', 'b', 'd')]
    expect(orderNodes(nodes)).to.deep.equal({ordered: nodes})
  })

  it('puts producers in front of their readers, all others where they were', () => {
    const [late, first, last] = [unary('Neg', 'm', 'y'), unary('Relu', 'x', 'f'), unary('Abs', 'x', 'l')] as const
    const middle = {opType: 'Add', input: ['f', 'l'], output: ['m']}
    expect(orderNodes([late, first, middle, last])).to.deep.equal({ordered: [first, last, middle, late]})
  })

  it('takes a chain of 100,000 nodes that stands on its head', () => {
    const nodes = Array.from({length: 100_000}, (_, index) => unary('Relu', `v${index + 1}`, `v${index}`))
    const order = orderNodes(nodes)
    expect('ordered' in order && order.ordered[0]).to.equal(nodes.at(-1))
  })

  const loadable: Record<string, {node: Nodes; more?: ForeignGraph}> = {
    'a Cast of the input at the end': {
      node: [unary('Neg', 'b', 'y'), unary('Relu', 'a', 'b'), {...unary('Cast', 'x', 'a'), attribute: [toFloat()]}],
    },
    'an If whose branches capture what comes later': {
      node: [
        choose(branch([unary('Neg', 'late', 't')], 't'), branch([unary('Relu', 'late', 'e')], 'e'), 'y'),
        unary('Abs', 'x', 'late'),
      ],
      more: always,
    },
    'captures two levels deep': {
      node: [
        choose(
          branch([choose(branch([unary('Neg', 'late', 't')], 't'), branch([unary('Relu', 'x', 'e')], 'e'), 'i')], 'i'),
          branch([unary('Relu', 'x', 'e2')], 'e2'),
          'y',
        ),
        unary('Abs', 'x', 'late'),
      ],
      more: always,
    },
    'a branch with a name that the graph uses later': {
      node: [
        choose(branch([unary('Neg', 'x', 'q')], 'q'), branch([unary('Relu', 'x', 'e')], 'e'), 'y'),
        unary('Abs', 'y', 'q'),
      ],
      more: always,
    },
  }
  for (const [what, {node, more}] of Object.entries(loadable)) {
    it(`reads ${what} as ONNX Runtime does`, async () => {
      const {bytes, parsed} = read(node, more)
      const model = parsed()
      expect(verify(model.graph)).to.deep.equal([])
      expect(await run(encodeModel(model))).to.deep.equal(await run(bytes))
    })
  }

  it('sorts the nodes of a branch, which ONNX Runtime does not', async () => {
    const messy = branch([unary('Neg', 'q', 't'), unary('Abs', 'x', 'q')], 't')
    const {parsed} = read([choose(messy, branch([unary('Relu', 'x', 'e')], 'e'), 'y')], always)
    expect(await run(encodeModel(parsed()))).to.deep.equal([-3, -2])
  })

  it('refuses a circle and names its nodes, those of others not', () => {
    const named = (opType: string, input: string[], output: string) => ({opType, name: output, input, output: [output]})
    const circle = [named('Add', ['s', 'b'], 'a'), named('Relu', ['a'], 'b')]
    const {parsed} = read([named('Neg', ['b'], 'y'), ...circle, named('Abs', ['x'], 's')])
    expect(parsed).to.throw(ModelError, "model.onnx: the graph is cyclic: Add 'a' -> Relu 'b' -> Add 'a'")
  })

  it('refuses a circle through a branch, and a node that reads itself', () => {
    const inner = branch([unary('Neg', 'w', 't')], 't')
    const through = read([choose(inner, branch([unary('Relu', 'x', 'e')], 'e'), 'y'), unary('Abs', 'y', 'w')], always)
    expect(through.parsed).to.throw(ModelError, 'the graph is cyclic: Abs')
    expect(read([unary('Neg', 'y', 'y')]).parsed).to.throw(ModelError, "Neg '' -> Neg ''")
  })
})

function toFloat() {
  return {name: 'to', type: Attr.INT, i: 1n}
}
