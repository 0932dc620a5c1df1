import type {Attribute} from '../ir/attribute.js'
import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Tensor} from '../ir/tensor.js'
import type {Value} from '../ir/value.js'
import {
  ATTRIBUTE_TYPE,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from '../proto/messages.js'
import {attributeProto} from './attribute-proto.js'
import type {ExternalPlan} from './external-plan.js'
import {standardDomain} from './read-graph.js'
import {tensorProto} from './tensor-proto.js'
import {agree, readType, typeProto} from './value-type.js'
import {graphWire, nodeWire, valueWire} from './wire.js'

/** How tensors are written: all inside the file, or the big ones placed in a data file. */
export interface GraphWriteContext {
  readonly external: ExternalPlan | undefined
}

/** The message of a graph and its subgraphs; what mopt does not interpret comes from the file's own messages. */
export function graphProto(graph: Graph, context: GraphWriteContext): GraphProto {
  const constants = graph.constants()
  const asNodes = new Set(constants.filter((value) => staysNode(value, context)))
  const initializers = constants.filter((value) => !asNodes.has(value)).map((value) => initializer(value, context))
  const nodes = graph.nodes()
  const sparse = nodes.flatMap((node) => nodeWire(node).sparseInitializer ?? [])
  return {
    ...graphWire(graph),
    name: graph.name,
    node: [...asNodes].map(constantNode).concat(nodes.filter(isRealNode).map((node) => nodeProto(node, context))),
    initializer: [...initializers, ...graph.inputs.flatMap((value) => valueWire(value).initializer ?? [])],
    sparseInitializer: sparse,
    input: graph.inputs.map((value) => valueInfo(value, valueWire(value).info)),
    output: graph.outputs.map((value) => valueInfo(value, valueWire(value).outputInfo)),
    valueInfo: innerValues(graph).flatMap((value) => {
      const {info} = valueWire(value)
      return info ? [valueInfo(value, info)] : []
    }),
  }
}

function isRealNode(node: Node): boolean {
  return nodeWire(node).sparseInitializer === undefined
}

/** Values that may have an entry in value_info: all but inputs. */
function innerValues(graph: Graph): Value[] {
  return [...graph.constants(), ...graph.nodes().flatMap((node) => node.outputs.filter((value) => value !== undefined))]
}

/** A weight that was a Constant node remains one, unless its data moves to the data file, where only initializers may live. */
function staysNode(value: Value, {external}: GraphWriteContext): boolean {
  const {constant} = value
  return constant !== undefined && valueWire(value).constantNode !== undefined && !external?.takes(constant)
}

function constantNode(value: Value): NodeProto {
  const [origin, tensor] = [valueWire(value).constantNode, value.constant as Tensor]
  if (!origin || origin.tensor === tensor) return origin?.proto ?? {}
  return {...origin.proto, attribute: [{name: 'value', type: ATTRIBUTE_TYPE.tensor, t: tensorProto(tensor)}]}
}

function initializer(value: Value, {external}: GraphWriteContext): TensorProto {
  const tensor = value.constant as Tensor
  const proto = tensorProto(tensor, value.name)
  return external?.takes(tensor) ? external.place(tensor, proto) : proto
}

function nodeProto(node: Node, context: GraphWriteContext): NodeProto {
  const {proto = {}} = nodeWire(node)
  const name = node.namedInFile ? node.name : proto.name
  const sameDomain = standardDomain(proto.domain) === node.domain
  return {
    ...proto,
    input: node.inputs.map((value) => value?.name ?? ''),
    output: node.outputs.map((value) => value?.name ?? ''),
    ...(name !== undefined && {name}),
    opType: node.opType,
    ...(!sameDomain && {domain: node.domain}),
    attribute: [...node.attributes].map(([key, attribute]: [string, Attribute]) =>
      attributeProto(key, attribute, (subgraph) => graphProto(subgraph, context)),
    ),
  }
}

/** What the file said of a value stands as long as it can be true: inference may know more, but need not be in the file. */
function valueInfo(value: Value, info: ValueInfoProto | undefined): ValueInfoProto {
  if (info && agree(readType(info.type), value.type)) return {...info, name: value.name}
  const type = typeProto(value.type)
  return {...info, name: value.name, ...(type && {type})}
}
