import type {Attribute} from '../ir/attribute.js'
import type {Graph} from '../ir/graph.js'
import {ATTRIBUTE_TYPE, type AttributeProto, type GraphProto} from '../proto/messages.js'
import {tensorProto} from './tensor-proto.js'
import {attributeWire} from './wire.js'

type WriteGraph = (graph: Graph) => GraphProto

/** The message of an attribute: the file's own, except for graphs, which change in memory. */
export function attributeProto(name: string, attribute: Attribute, writeGraph: WriteGraph): AttributeProto {
  const wire = attributeWire(attribute)
  if (attribute.type === 'graph' || attribute.type === 'graphs' || !wire) {
    return {...wire, name, ...contents(attribute, writeGraph)}
  }
  return wire.name === name ? wire : {...wire, name}
}

function contents(attribute: Attribute, writeGraph: WriteGraph): AttributeProto {
  switch (attribute.type) {
    case 'int':
      return {type: ATTRIBUTE_TYPE.int, i: attribute.value}
    case 'float':
      return {type: ATTRIBUTE_TYPE.float, f: attribute.value}
    case 'string':
      return {type: ATTRIBUTE_TYPE.string, s: attribute.value}
    case 'tensor':
      return {type: ATTRIBUTE_TYPE.tensor, t: tensorProto(attribute.value)}
    case 'graph':
      return {type: ATTRIBUTE_TYPE.graph, g: writeGraph(attribute.value)}
    case 'ints':
      return {type: ATTRIBUTE_TYPE.ints, ints: [...attribute.value]}
    case 'floats':
      return {type: ATTRIBUTE_TYPE.floats, floats: [...attribute.value]}
    case 'strings':
      return {type: ATTRIBUTE_TYPE.strings, strings: [...attribute.value]}
    case 'tensors':
      return {type: ATTRIBUTE_TYPE.tensors, tensors: attribute.value.map((tensor) => tensorProto(tensor))}
    case 'graphs':
      return {type: ATTRIBUTE_TYPE.graphs, graphs: attribute.value.map(writeGraph)}
    case 'opaque':
      return {}
  }
}
