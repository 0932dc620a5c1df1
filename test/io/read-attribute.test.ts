import {expect} from 'chai'
import {attributeProto} from '../../src/io/attribute-proto.js'
import {readAttribute} from '../../src/io/read-attribute.js'
import {Graph} from '../../src/ir/graph.js'
import {ATTRIBUTE_TYPE, type AttributeProto} from '../../src/proto/messages.js'

const context = {path: 'model.onnx', readGraph: ({name}: {name?: string}) => new Graph(name)}
const read = (proto: AttributeProto) => readAttribute(proto, context)

describe('readAttribute', () => {
  it('reads a number of which the file leaves out the zero', () => {
    expect(read({name: 'a', type: ATTRIBUTE_TYPE.int})).to.include({type: 'int', value: 0n})
    expect(read({name: 'a', type: ATTRIBUTE_TYPE.float})).to.include({type: 'float', value: 0})
    expect(read({name: 'a', type: ATTRIBUTE_TYPE.ints}).value).to.deep.equal([])
    expect(read({name: 'a', type: ATTRIBUTE_TYPE.string}).value).to.deep.equal(new Uint8Array(0))
  })

  it('tells the type by the field that is there where the file has none', () => {
    expect(read({name: 'a', i: 3n})).to.include({type: 'int', value: 3n})
    expect(read({name: 'a', floats: [1, 2]}).value).to.deep.equal([1, 2])
    expect(read({name: 'a'}).type).to.equal('opaque')
  })

  it('keeps a reference to an attribute of a function as it is', () => {
    const proto = {name: 'axis', type: ATTRIBUTE_TYPE.int, refAttrName: 'which'}
    const attribute = read(proto)
    expect(attribute.type).to.equal('opaque')
    expect(attributeProto('axis', attribute, () => ({}))).to.deep.equal(proto)
  })

  it('reads graphs by whom it is told, one or several', () => {
    const one = read({name: 'body', type: ATTRIBUTE_TYPE.graph, g: {name: 'loop'}})
    expect(one.type === 'graph' && one.value.name).to.equal('loop')
    const two = read({name: 'bodies', type: ATTRIBUTE_TYPE.graphs, graphs: [{name: 'a'}, {name: 'b'}]})
    expect(two.type === 'graphs' && two.value.map(({name}) => name)).to.deep.equal(['a', 'b'])
  })

  it('gives the message back for writing, under another name too', () => {
    const proto = {name: 'a', type: ATTRIBUTE_TYPE.int, i: 3n, docString: 'kept'}
    expect(attributeProto('a', read(proto), () => ({}))).to.equal(proto)
    expect(attributeProto('b', read(proto), () => ({}))).to.deep.equal({...proto, name: 'b'})
  })

  it('does not speak for a changed copy', () => {
    const copy = {...read({name: 'a', type: ATTRIBUTE_TYPE.int, i: 3n}), value: 4n} as ReturnType<typeof read>
    expect(attributeProto('a', copy, () => ({}))).to.deep.equal({name: 'a', type: ATTRIBUTE_TYPE.int, i: 4n})
  })
})
