import {expect} from 'chai'
import {AttributeProto_AttributeType as Attr} from 'onnx-buf'
import {UnsupportedError} from '../../src/errors.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {readModel} from '../../src/io/read-model.js'
import type {Model} from '../../src/ir/model.js'
import {verify} from '../../src/ir/verify.js'
import {memorySource} from '../../src/proto/byte-source.js'
import {decode} from '../../src/proto/decode.js'
import {addGraph, FLOAT, type ForeignGraph, foreignModel, port, readForeign} from '../support/foreign-model.js'
import {varintOf} from '../support/fuzz/wire-tree.js'

const relu = (input: string, output: string, name = '') => ({opType: 'Relu', name, input: [input], output: [output]})
const weight = {dims: [2n], dataType: FLOAT, floatData: [1, 2]}

describe('readGraph', () => {
  it('makes constants of Constant nodes in all their forms, and writes them back as they were', () => {
    const forms = {
      value: {type: Attr.TENSOR, t: weight},
      value_float: {type: Attr.FLOAT, f: 0.5},
      value_floats: {type: Attr.FLOATS, floats: [1, 2, 3]},
      value_int: {type: Attr.INT, i: -1n},
      value_ints: {type: Attr.INTS, ints: [2n, 3n]},
      value_string: {type: Attr.STRING, s: Buffer.from('a')},
      value_strings: {type: Attr.STRINGS, strings: [Buffer.from('a'), Buffer.from('b')]},
    }
    const node = Object.entries(forms).map(([name, form]) => {
      return {opType: 'Constant', name: `make_${name}`, output: [name], attribute: [{name, ...form}]}
    })
    const model = read({node, output: [port('value', 2)]})

    const found = model.graph
      .constants()
      .map(({name, constant}) => [name, constant?.dtype, constant?.shape, constant?.read()])
    expect(found).to.deep.equal([
      ['value', 'float32', [2], Float32Array.of(1, 2)],
      ['value_float', 'float32', [], Float32Array.of(0.5)],
      ['value_floats', 'float32', [3], Float32Array.of(1, 2, 3)],
      ['value_int', 'int64', [], BigInt64Array.of(-1n)],
      ['value_ints', 'int64', [2], BigInt64Array.of(2n, 3n)],
      ['value_string', 'string', [], ['a']],
      ['value_strings', 'string', [2], ['a', 'b']],
    ])
    expect(model.graph.nodeCount).to.equal(0)
    expect(written(model)?.node).to.deep.equal(readForeign(foreignModel({node})).graph?.node)
  })

  it('keeps a sparse Constant as a node and a sparse initializer as one in memory, as it was in the file', () => {
    const sparseTensor = {
      values: {name: 's', ...weight},
      indices: {dims: [2n], dataType: 7, int64Data: [0n, 3n]},
      dims: [4n],
    }
    const attribute = [{name: 'sparse_value', type: Attr.SPARSE_TENSOR, sparseTensor}]
    const graph: ForeignGraph = {
      node: [
        {opType: 'Constant', output: ['c'], attribute},
        {opType: 'Add', input: ['c', 's'], output: ['y']},
      ],
      sparseInitializer: [sparseTensor],
      output: [port('y', 4)],
    }
    const model = read(graph)
    expect(model.graph.nodes().map(({opType}) => opType)).to.deep.equal(['Constant', 'Constant', 'Add'])
    expect(written(model)).to.deep.equal(readForeign(foreignModel(graph)).graph)
  })

  it('turns an initializer that is also an input into a constant, with a warning, unless asked to keep it', () => {
    const graph = {...addGraph(weight), input: [port('x', 2), port('w', 2)]}
    const asConstant = read(graph)
    expect(asConstant.graph.inputs.map(({name}) => name)).to.deep.equal(['x'])
    expect(asConstant.warnings.map(({code}) => code)).to.deep.equal(['INITIALIZER_INPUTS'])
    expect(written(asConstant)?.initializer.map(({name}) => name)).to.deep.equal(['w'])

    const asInput = read(graph, {keepInitializerInputs: true})
    expect(asInput.graph.inputs.map(({name}) => name)).to.deep.equal(['x', 'w'])
    expect(asInput.warnings).to.deep.equal([])
    expect(written(asInput)).to.deep.equal(readForeign(foreignModel(graph)).graph)
  })

  it('raises an IR version below 4 when a weight is no input any more', () => {
    const old = {irVersion: 3n, opsetImport: [{version: 7n}]}
    const bytes = foreignModel({...addGraph(weight), input: [port('x', 2), port('w', 2)]}, old)
    expect(readForeign(encodeModel(parse(bytes))).irVersion).to.equal(4n)
    expect(readForeign(encodeModel(parse(bytes, {keepInitializerInputs: true}))).irVersion).to.equal(3n)
  })

  it('resolves captures two levels deep to the outer value, and lets branches reuse names', () => {
    const branch = (node: ForeignGraph['node'] & {}) => ({name: 'branch', node, output: [port('out', 2)]})
    const choose = (output: string, inner: ForeignGraph, other: ForeignGraph) => ({
      opType: 'If',
      input: ['c'],
      output: [output],
      attribute: [
        {name: 'then_branch', type: Attr.GRAPH, g: inner},
        {name: 'else_branch', type: Attr.GRAPH, g: other},
      ],
    })
    const inner = branch([{opType: 'Add', input: ['x', 'w'], output: ['out']}])
    const graph: ForeignGraph = {
      input: [port('x', 2), port('c')],
      output: [port('y', 2)],
      initializer: [{name: 'w', ...weight}],
      node: [choose('y', branch([choose('out', inner, branch([relu('x', 'out')]))]), branch([relu('w', 'out')]))],
    }
    const model = read(graph)
    expect(verify(model.graph)).to.deep.equal([])
    const [w] = model.graph.constants()
    expect(w?.consumers.map(({opType}) => opType)).to.have.members(['Add', 'Relu'])
    expect(written(model)).to.deep.equal(readForeign(foreignModel(graph)).graph)
  })

  it('names unnamed and duplicate nodes in memory only', () => {
    const graph: ForeignGraph = {
      input: [port('x', 2)],
      output: [port('c', 2)],
      node: [relu('x', 'a', 'same'), relu('a', 'b', 'same'), relu('b', 'c')],
    }
    const model = read(graph)
    const names = model.graph.nodes().map(({name}) => name)
    expect(new Set(names).size).to.equal(3)
    expect(names[0]).to.equal('same')
    expect(written(model)?.node.map(({name}) => name)).to.deep.equal(['same', 'same', ''])
  })

  it('keeps skipped inputs and outputs in their places', () => {
    const node = [{opType: 'LSTM', input: ['x', 'x', 'x', '', '', 'h'], output: ['', 'y']}]
    const graph: ForeignGraph = {input: [port('x', 2), port('h', 2)], output: [port('y', 2)], node}
    const model = read(graph)
    expect(model.graph.nodes()[0]?.inputs.map((value) => value?.name)).to.deep.equal([
      'x',
      'x',
      'x',
      undefined,
      undefined,
      'h',
    ])
    expect(written(model)).to.deep.equal(readForeign(foreignModel(graph)).graph)
  })

  it('refuses a small file that claims a million nodes', () => {
    const graph = new Uint8Array(2_000_000)
    for (let at = 0; at < graph.length; at += 2) graph[at] = 0x0a
    const versions = Uint8Array.of(0x08, 8, 0x42, 2, 0x10, 17)
    const model = Buffer.concat([versions, Uint8Array.of(0x3a), varintOf(graph.length), graph])
    expect(() => parse(model)).to.throw(UnsupportedError, 'more than 500000 nodes and values')
  })

  it('gives values the types of value_info and writes them back, but not against what a pass changed', () => {
    const graph = {
      input: [port('x', 2)],
      output: [port('y', 2)],
      node: [relu('x', 'a'), relu('a', 'y')],
      valueInfo: [{...port('a', 2), docString: 'kept'}],
    }
    const model = read(graph)
    const a = model.graph.nodes()[0]?.outputs[0]
    expect(a?.type).to.deep.equal({kind: 'tensor', dtype: 'float32', shape: [2]})
    expect(written(model)?.valueInfo[0]?.docString).to.equal('kept')

    if (a) a.type = {kind: 'tensor', dtype: 'float32', shape: [3]}
    const changed = written(model)?.valueInfo[0]?.type?.value
    expect(changed?.case === 'tensorType' && changed.value.shape?.dim[0]?.value.value).to.equal(3n)

    if (a) a.wire = undefined
    expect(written(model)?.valueInfo).to.deep.equal([])
  })
})

function parse(bytes: Uint8Array, options = {}): Model {
  return readModel(decode('ModelProto', memorySource(bytes)), 'model.onnx', options)
}

function read(graph: ForeignGraph, options = {}): Model {
  return parse(foreignModel(graph), options)
}

function written(model: Model) {
  return readForeign(encodeModel(model)).graph
}
