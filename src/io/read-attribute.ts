import type {Attribute} from '../ir/attribute.js'
import type {Graph} from '../ir/graph.js'
import {ATTRIBUTE_TYPE, type AttributeProto, type GraphProto} from '../proto/messages.js'
import {readTensor} from './read-tensor.js'
import {stamp} from './wire.js'

/** What an attribute's contents are read with. */
export interface AttributeContext {
  readonly path: string
  readGraph(proto: GraphProto): Graph
}

/** An attribute, joined to its message. What has no place in the graph is `opaque` and survives through the message alone. */
export function readAttribute(proto: AttributeProto, context: AttributeContext): Attribute {
  return stamp(readContents(proto, context), proto)
}

function readContents(proto: AttributeProto, context: AttributeContext): Attribute {
  if (proto.refAttrName) return {type: 'opaque'}
  switch (proto.type || typeByContents(proto)) {
    case ATTRIBUTE_TYPE.float:
      return {type: 'float', value: proto.f ?? 0}
    case ATTRIBUTE_TYPE.int:
      return {type: 'int', value: proto.i ?? 0n}
    case ATTRIBUTE_TYPE.string:
      return {type: 'string', value: proto.s ?? new Uint8Array(0)}
    case ATTRIBUTE_TYPE.tensor:
      return {type: 'tensor', value: readTensor(proto.t ?? {}, context.path)}
    case ATTRIBUTE_TYPE.graph:
      return {type: 'graph', value: context.readGraph(proto.g ?? {})}
    default:
      return readList(proto, context)
  }
}

function readList(proto: AttributeProto, context: AttributeContext): Attribute {
  switch (proto.type || typeByContents(proto)) {
    case ATTRIBUTE_TYPE.floats:
      return {type: 'floats', value: proto.floats ?? []}
    case ATTRIBUTE_TYPE.ints:
      return {type: 'ints', value: proto.ints ?? []}
    case ATTRIBUTE_TYPE.strings:
      return {type: 'strings', value: proto.strings ?? []}
    case ATTRIBUTE_TYPE.tensors:
      return {type: 'tensors', value: (proto.tensors ?? []).map((tensor) => readTensor(tensor, context.path))}
    case ATTRIBUTE_TYPE.graphs:
      return {type: 'graphs', value: (proto.graphs ?? []).map((graph) => context.readGraph(graph))}
    default:
      return {type: 'opaque'}
  }
}

/** Files of IR version 1 have no `type`: the field that is there tells. */
function typeByContents(proto: AttributeProto): number {
  const fields = {
    f: ATTRIBUTE_TYPE.float,
    i: ATTRIBUTE_TYPE.int,
    s: ATTRIBUTE_TYPE.string,
    t: ATTRIBUTE_TYPE.tensor,
    g: ATTRIBUTE_TYPE.graph,
    floats: ATTRIBUTE_TYPE.floats,
    ints: ATTRIBUTE_TYPE.ints,
    strings: ATTRIBUTE_TYPE.strings,
    tensors: ATTRIBUTE_TYPE.tensors,
    graphs: ATTRIBUTE_TYPE.graphs,
  } as const
  for (const name of Object.keys(fields) as (keyof typeof fields)[]) if (proto[name] !== undefined) return fields[name]
  return ATTRIBUTE_TYPE.undefined
}
