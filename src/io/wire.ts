import type {Attribute} from '../ir/attribute.js'
import type {Graph} from '../ir/graph.js'
import type {FunctionDef, Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import type {Tensor} from '../ir/tensor.js'
import type {Value} from '../ir/value.js'
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  SparseTensorProto,
  TensorProto,
  ValueInfoProto,
} from '../proto/messages.js'

/** A graph's message, and its entries of value_info that describe no value: kept, they may mean something to somebody. */
export interface GraphWire {
  readonly proto: GraphProto
  readonly strayInfo: ReadonlySet<ValueInfoProto>
}

/** What the file said of a value beyond its name. */
export interface ValueWire {
  /** From the graph's inputs. */
  inputInfo?: ValueInfoProto
  /** From value_info. */
  info?: ValueInfoProto
  /** The Constant node that held the contents `tensor`. */
  constantNode?: {readonly proto: NodeProto; readonly tensor: Tensor}
  /** Default of an input that is kept as an input. */
  initializer?: TensorProto
}

/** A node, or the sparse initializer that stands in memory as a Constant node. */
export interface NodeWire {
  proto?: NodeProto
  sparseInitializer?: SparseTensorProto
}

const NO_GRAPH: GraphWire = {proto: {}, strayInfo: new Set()}

/*
 * The `wire` fields of the graph are `unknown` outside io, so that nobody builds on them. These are the only places that look inside;
 * only io sets them, hence the assertions.
 */

export const modelWire = (model: Model): ModelProto => (model.wire ?? {}) as ModelProto
export const graphWire = (graph: Graph): GraphWire => (graph.wire ?? NO_GRAPH) as GraphWire
export const nodeWire = (node: Node): NodeWire => (node.wire ?? {}) as NodeWire
export const valueWire = (value: Value): ValueWire => (value.wire ?? {}) as ValueWire
export const tensorWire = (tensor: Tensor): TensorProto | undefined => ownWire<TensorProto>(tensor)
export const attributeWire = (attribute: Attribute): AttributeProto | undefined => ownWire<AttributeProto>(attribute)
export const functionWire = (definition: FunctionDef): FunctionProto => definition.wire as FunctionProto

interface Stamp<T> {
  readonly proto: T
  readonly owner: object
}

/**
 * Joins a tensor or an attribute to its message. Both never change, so the message says it all; but a pass may make a changed
 * copy with `{...tensor, read}`, and the stamp must not speak for that.
 */
export function stamp<T extends object>(target: T, proto: TensorProto | AttributeProto): T {
  return Object.assign(target, {wire: {proto, owner: target} satisfies Stamp<unknown>})
}

function ownWire<T>(holder: {readonly wire?: unknown}): T | undefined {
  const wire = holder.wire as Stamp<T> | undefined
  return wire?.owner === holder ? wire.proto : undefined
}
