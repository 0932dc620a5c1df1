import {ModelError, UnsupportedError} from '../errors.js'
import type {Attribute} from '../ir/attribute.js'
import {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'
import {
  ATTRIBUTE_TYPE,
  type GraphProto,
  type NodeProto,
  type SparseTensorProto,
  type TensorProto,
  type ValueInfoProto,
} from '../proto/messages.js'
import {constantTensor} from './constant-node.js'
import {orderNodes} from './order-nodes.js'
import {readAttribute} from './read-attribute.js'
import {readTensor} from './read-tensor.js'
import {readType} from './value-type.js'
import {type GraphWire, type NodeWire, stamp, type ValueWire, valueWire} from './wire.js'

export interface ReadContext {
  /** For error messages. */
  readonly path: string
  /** Initializers that are also inputs stay inputs, with their contents as default. */
  readonly keepInitializerInputs: boolean
  /** Names of the inputs that became constants, filled by the reader. */
  readonly droppedInputs: string[]
  /** Graphs, nodes and values so far, counted by the reader. */
  parts?: number
}

/** Several times the largest graphs known, in less than 500 MB: a small file may claim millions. */
const MAX_PARTS = 500_000
/** Nodes of a circle that an error names. */
const MAX_SHOWN = 8

/** @throws ModelError when the graph breaks a rule of the format: a name defined twice, a value nobody produces. */
export function readGraph(proto: GraphProto, context: ReadContext): Graph {
  return new GraphReader(new Graph(proto.name ?? ''), undefined, context).read(proto)
}

/** Reads one graph; a subgraph's reader asks its parent for the names it does not define. */
class GraphReader {
  readonly #values = new Map<string, Value>()

  constructor(
    private readonly graph: Graph,
    private readonly outer: GraphReader | undefined,
    private readonly context: ReadContext,
  ) {}

  read(proto: GraphProto): Graph {
    this.#count()
    this.#readInputs(proto)
    for (const tensor of proto.initializer ?? []) this.#readInitializer(tensor)
    for (const sparse of proto.sparseInitializer ?? []) this.#readSparseInitializer(sparse)
    for (const node of this.#inOrder(proto.node ?? [])) this.#readNode(node)
    this.#readOutputs(proto)
    const strayInfo = new Set((proto.valueInfo ?? []).filter((info) => !this.#describe(info)))
    this.graph.wire = {proto, strayInfo} satisfies GraphWire
    return this.graph
  }

  /** Gives a value what value_info says of it. @returns false when there is no such value, or it has been described. */
  #describe(info: ValueInfoProto): boolean {
    const value = this.#values.get(info.name ?? '')
    if (!value || valueWire(value).info) return false
    value.wire = {...valueWire(value), info} satisfies ValueWire
    if (!value.constant && !this.graph.inputs.includes(value)) value.type = readType(info.type)
    return true
  }

  #readInputs(proto: GraphProto): void {
    const initialized = new Set((proto.initializer ?? []).map(({name = ''}) => name))
    for (const info of proto.input ?? []) {
      const name = info.name ?? ''
      if (initialized.has(name) && !this.context.keepInitializerInputs) {
        this.context.droppedInputs.push(name)
        continue
      }
      const value = this.graph.addInput(name, readType(info.type))
      value.wire = {inputInfo: info} satisfies ValueWire
      this.#define(value)
    }
  }

  #readInitializer(proto: TensorProto): void {
    const input = this.#values.get(proto.name ?? '')
    if (input && this.graph.inputs.includes(input) && !valueWire(input).initializer) {
      readTensor(proto, this.context.path)
      input.wire = {...valueWire(input), initializer: proto} satisfies ValueWire
      return
    }
    const value = this.graph.newValue(proto.name ?? '')
    this.graph.setConstant(value, readTensor(proto, this.context.path))
    this.#define(value)
  }

  /** In memory a Constant node with `sparse_value`, so that nothing else has to know of sparse tensors. */
  #readSparseInitializer(proto: SparseTensorProto): void {
    const wire: NodeWire = {sparseInitializer: proto}
    const node = this.graph.append({opType: 'Constant', inputs: [], outputs: 0})
    const type = ATTRIBUTE_TYPE.sparseTensor
    node.attributes.set('sparse_value', stamp({type: 'opaque'}, {name: 'sparse_value', type, sparseTensor: proto}))
    node.wire = wire
    this.#produce(node, proto.values?.name ?? '', 0)
  }

  #inOrder(nodes: readonly NodeProto[]): readonly NodeProto[] {
    const order = orderNodes(nodes)
    if ('ordered' in order) return order.ordered
    const way = [...order.cycle, order.cycle[0] as NodeProto].map(({opType = '', name = ''}) => `${opType} '${name}'`)
    const shown = way.length > MAX_SHOWN ? [...way.slice(0, MAX_SHOWN - 1), '...', way.at(-1)] : way
    throw this.#error(`the graph is cyclic: ${shown.join(' -> ')}`)
  }

  #readNode(proto: NodeProto): void {
    this.#count()
    const tensor = constantTensor(proto, this.context.path)
    if (tensor) {
      const value = this.graph.newValue(proto.output?.[0] ?? '')
      this.graph.setConstant(value, tensor)
      value.wire = {constantNode: {proto, tensor}} satisfies ValueWire
      this.#define(value)
      return
    }
    const inputs = (proto.input ?? []).map((name) => (name === '' ? undefined : this.#resolve(name, proto)))
    const attributes = this.#readAttributes(proto)
    const node = this.graph.append({
      opType: proto.opType ?? '',
      domain: standardDomain(proto.domain),
      ...(proto.name && {name: proto.name}),
      inputs,
      outputs: (proto.output ?? []).map(() => undefined),
    })
    for (const [name, attribute] of attributes) node.attributes.set(name, attribute)
    node.wire = {proto} satisfies NodeWire
    proto.output?.forEach((name, index) => {
      if (name !== '') this.#produce(node, name, index)
    })
  }

  #readAttributes(proto: NodeProto): (readonly [string, Attribute])[] {
    const {path} = this.context
    const readSubgraph = (graph: GraphProto): Graph =>
      new GraphReader(new Graph(graph.name ?? '', this.graph), this, this.context).read(graph)
    return (proto.attribute ?? []).map((attribute) => {
      return [attribute.name ?? '', readAttribute(attribute, {path, readGraph: readSubgraph})] as const
    })
  }

  #readOutputs(proto: GraphProto): void {
    for (const info of proto.output ?? []) {
      const value = this.#find(info.name ?? '')
      if (!value) throw this.#error(`the graph output '${info.name ?? ''}' is produced by no node`)
      if (!value.type) value.type = readType(info.type)
      this.graph.addOutput(value)
    }
  }

  #produce(node: Node, name: string, index: number): void {
    const value = this.graph.newValue(name)
    this.graph.moveOutput(value, node, index)
    this.#define(value)
  }

  #count(): void {
    const parts = (this.context.parts ?? 0) + 1
    this.context.parts = parts
    if (parts <= MAX_PARTS) return
    const found = `more than ${MAX_PARTS} nodes and values`
    throw new UnsupportedError(`${this.context.path}: the graph is too big: it has ${found}`, {
      hint: 'Split the model, or check that the file is a model at all',
    })
  }

  #define(value: Value): void {
    this.#count()
    if (this.#values.has(value.name)) throw this.#error(`the name '${value.name}' is given to two values`)
    this.#values.set(value.name, value)
  }

  #find(name: string): Value | undefined {
    const value = this.#values.get(name)
    return value ?? (this.outer ? this.outer.#find(name) : undefined)
  }

  #resolve(name: string, {opType = '', name: node = ''}: NodeProto): Value {
    const value = this.#find(name)
    if (value) return value
    throw this.#error(`${opType} '${node}': expected its input '${name}' to be produced by something, found nothing`)
  }

  #error(reason: string): ModelError {
    return new ModelError(`${this.context.path}: ${reason}`, {
      hint: 'The graph is cyclic or cut: check it with onnx.checker and export it again',
    })
  }
}

/** The standard domain has two spellings. */
export function standardDomain(domain = ''): string {
  return domain === 'ai.onnx' ? '' : domain
}
