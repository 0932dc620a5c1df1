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
import {agree, isFixed, readType, typeProto} from './value-type.js'
import {graphWire, nodeWire, valueWire} from './wire.js'

/** How tensors are written: all inside the file, or the big ones placed in a data file. */
export interface GraphWriteContext {
  readonly external: ExternalPlan | undefined
}

/** The message of a graph and its subgraphs; what mopt does not interpret comes from the file's own messages. */
export function graphProto(graph: Graph, context: GraphWriteContext): GraphProto {
  const asNodes = graph.constants().filter((value) => staysNode(value, context))
  const nodes = graph.nodes()
  const {proto} = graphWire(graph)
  return {
    ...proto,
    name: graph.name,
    node: asNodes.map(constantNode).concat(nodes.filter(isRealNode).map((node) => nodeProto(node, context))),
    initializer: initializers(graph, new Set(asNodes), context),
    sparseInitializer: nodes.flatMap((node) => nodeWire(node).sparseInitializer ?? []),
    input: graph.inputs.map((value) => portInfo(value, valueWire(value).inputInfo)),
    output: graph.outputs.map((value, index) => portInfo(value, outputInfo(value, index, proto.output))),
    valueInfo: innerInfo(graph),
  }
}

/** The weights and the defaults of inputs, in the order of the file; new ones come last. */
function initializers(graph: Graph, asNodes: ReadonlySet<Value>, context: GraphWriteContext): TensorProto[] {
  const places = new Map(graphWire(graph).proto.initializer?.map(({name = ''}, index) => [name, index]))
  const place = ({name}: Value): number => places.get(name) ?? places.size
  const stored = [
    ...graph.constants().filter((value) => !asNodes.has(value)),
    ...graph.inputs.filter((value) => valueWire(value).initializer),
  ]
  stored.sort((a, b) => place(a) - place(b))
  return stored.map((value) => valueWire(value).initializer ?? initializer(value, context))
}

/** Several outputs may show one value, each with its own description. */
function outputInfo({name}: Value, index: number, infos: readonly ValueInfoProto[] = []): ValueInfoProto | undefined {
  return infos[index]?.name === name ? infos[index] : infos.find((info) => info.name === name)
}

/** The entries of value_info in the order of the file, without those whose values are gone. */
function innerInfo(graph: Graph): ValueInfoProto[] {
  const {proto, strayInfo} = graphWire(graph)
  const values = [...graph.inputs, ...innerValues(graph)]
  const names = new Set(values.map(({name}) => name))
  const described = new Map(values.map((value) => [valueWire(value).info, value]))
  return (proto.valueInfo ?? []).flatMap((info) => {
    const value = described.get(info)
    if (value) return [valueInfo(value, info)]
    // of a stray entry with a name that was given away since, or of a second one, nobody knows whether it is true
    return strayInfo.has(info) && !names.has(info.name ?? '') ? [info] : []
  })
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

/** As `valueInfo`, but a free size of an input or output that became a number is the model's interface, and written. */
function portInfo(value: Value, info: ValueInfoProto | undefined): ValueInfoProto {
  const type = info && isFixed(readType(info.type), value.type) ? typeProto(value.type) : undefined
  return type ? {...info, name: value.name, type} : valueInfo(value, info)
}

/** What the file said of a value stands as long as it can be true: inference may know more, but need not be in the file. */
function valueInfo(value: Value, info: ValueInfoProto | undefined): ValueInfoProto {
  if (info && agree(readType(info.type), value.type)) return {...info, name: value.name}
  const type = typeProto(value.type)
  return {...info, name: value.name, ...(type && {type})}
}
