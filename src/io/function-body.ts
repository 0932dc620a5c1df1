import {ModelError} from '../errors.js'
import type {Attribute} from '../ir/attribute.js'
import type {Graph} from '../ir/graph.js'
import type {FunctionDef} from '../ir/model.js'
import type {AttributeProto, FunctionProto, GraphProto, NodeProto} from '../proto/messages.js'
import {attributeProto} from './attribute-proto.js'
import {graphProto} from './graph-proto.js'
import {foreignNode} from './opset-imports.js'
import {readGraph, standardDomain} from './read-graph.js'
import {functionWire} from './wire.js'

/** The versions of the domains that a function's body is written in; the standard domain is ''. */
export function functionOpsets(definition: FunctionDef): Map<string, number> {
  const imports = functionWire(definition).opsetImport ?? []
  return new Map(imports.map(({domain, version}) => [standardDomain(domain), Number(version ?? 0n)]))
}

/**
 * The body of a model-local function for one call: a graph of its own with the function's inputs and outputs, in which every reference to
 * an attribute of the function is replaced by what the call gives, or by the default; where there is neither, the attribute is absent.
 *
 * @param path of the model, for error messages.
 * @throws ModelError when the body breaks a rule of the format.
 */
export function functionBody(definition: FunctionDef, given: ReadonlyMap<string, Attribute>, path: string): Graph {
  const wire = functionWire(definition)
  const attributes = attributesOf(wire, given)
  const proto: GraphProto = {
    name: definition.name,
    input: (wire.input ?? []).map((name) => ({name})),
    output: (wire.output ?? []).map((name) => ({name})),
    node: (wire.node ?? []).map((node) => resolveNode(node, attributes)),
    valueInfo: wire.valueInfo ?? [],
  }
  requireImports(definition, proto, path)
  return readGraph(proto, {path, keepInitializerInputs: false, droppedInputs: [], parts: 0})
}

/** A function names its own opsets: the model's do not hold in it, not even those ONNX Runtime assumes for a model. */
function requireImports(definition: FunctionDef, body: GraphProto, path: string): void {
  const opsets = functionOpsets(definition)
  const node = foreignNode(body, (domain) => opsets.has(domain))
  if (!node) return
  const domain = standardDomain(node.domain) || 'ai.onnx'
  const found = `which its ${node.opType ?? ''} '${node.name ?? ''}' needs, found none`
  throw new ModelError(
    `${path}: function '${definition.name}': expected it to import an opset of ${domain}, ${found}`,
    {
      hint: 'A function names its own opsets: export the model again',
    },
  )
}

type Attributes = ReadonlyMap<string, AttributeProto>

function attributesOf(wire: FunctionProto, given: ReadonlyMap<string, Attribute>): Attributes {
  const attributes = new Map((wire.attributeProto ?? []).map((proto) => [proto.name ?? '', proto]))
  const writeGraph = (graph: Graph): GraphProto => graphProto(graph, {external: undefined})
  for (const [name, attribute] of given) attributes.set(name, attributeProto(name, attribute, writeGraph))
  return attributes
}

function resolveNode(node: NodeProto, attributes: Attributes): NodeProto {
  return {...node, attribute: (node.attribute ?? []).flatMap((attribute) => resolve(attribute, attributes))}
}

function resolve(attribute: AttributeProto, attributes: Attributes): AttributeProto[] {
  const {refAttrName} = attribute
  if (refAttrName) {
    const value = attributes.get(refAttrName)
    return value ? [{...value, ...(attribute.name !== undefined && {name: attribute.name})}] : []
  }
  const {g, graphs} = attribute
  if (!g && !graphs?.length) return [attribute]
  const inside = (graph: GraphProto): GraphProto => ({
    ...graph,
    node: (graph.node ?? []).map((node) => resolveNode(node, attributes)),
  })
  return [{...attribute, ...(g && {g: inside(g)}), ...(graphs && {graphs: graphs.map(inside)})}]
}
