import type {AttributeLike} from './attribute.js'
import {NameRegistry} from './name-registry.js'
import {Node} from './node.js'
import type {Tensor} from './tensor.js'
import {tensorType, type ValueType} from './types.js'
import {Value} from './value.js'

/** What a new node is made of. `outputs` is how many, or values and names to use; a missing slot is undefined. */
export interface NodeParts {
  opType: string
  domain?: string
  name?: string
  inputs: readonly (Value | undefined)[]
  outputs?: number | readonly (string | undefined)[]
  attributes?: Readonly<Record<string, AttributeLike>>
}

/**
 * A mutable graph with use lists: weights are too big to copy per pass. All changes go through the mutators here.
 * Nodes are in execution order. A subgraph knows its parent and may use the parent's values.
 */
export class Graph {
  readonly inputs: Value[] = []
  readonly names: NameRegistry
  /** The file's own message, with all that mopt does not interpret; only io looks inside. */
  wire?: unknown
  readonly #outputs: Value[] = []
  readonly #outputUses: {graph: Graph; index: number}[] = []
  readonly #constants = new Set<Value>()
  readonly #links = new Map<Node, {previous: Node | undefined; next: Node | undefined}>()
  #first: Node | undefined
  #last: Node | undefined

  constructor(
    public name = 'graph',
    readonly parent?: Graph,
  ) {
    this.names = parent?.names ?? new NameRegistry()
  }

  get outputs(): readonly Value[] {
    return this.#outputs
  }

  get nodeCount(): number {
    return this.#links.size
  }

  /** A snapshot, in execution order: safe to walk while the graph changes. */
  nodes(): Node[] {
    const nodes: Node[] = []
    for (let node = this.#first; node; node = this.#links.get(node)?.next) nodes.push(node)
    return nodes
  }

  /** All nodes of this graph and of its subgraphs, each node before those in its subgraphs. */
  allNodes(): Node[] {
    return this.nodes().flatMap((node) => [node, ...node.subgraphs.flatMap((graph) => graph.allNodes())])
  }

  /** The constants this graph owns (not those of its subgraphs). A snapshot. */
  constants(): Value[] {
    return [...this.#constants]
  }

  isOutput(value: Value): boolean {
    return value.isOutput
  }

  has(node: Node): boolean {
    return this.#links.has(node)
  }

  nextOf(node: Node): Node | undefined {
    return this.#links.get(node)?.next
  }

  addInput(name: string, type?: ValueType): Value {
    const value = new Value(this.names.claim(name), this, type)
    this.inputs.push(value)
    return value
  }

  /** A value nobody produces yet: for readers that meet a use before its producer. */
  newValue(name: string, type?: ValueType): Value {
    return new Value(this.names.claim(name), this, type)
  }

  addOutput(value: Value): void {
    const use = {graph: this, index: this.#outputs.length}
    this.#outputs.push(value)
    this.#outputUses.push(use)
    value.uses.add(use)
  }

  /** Takes the last output off the list; its value stays. */
  dropOutput(): void {
    const use = this.#outputUses.pop()
    const value = this.#outputs.pop()
    if (use) value?.uses.delete(use)
  }

  setOutput(index: number, value: Value): void {
    const use = this.#outputUses[index]
    if (!use) throw new RangeError(`graph has no output ${index}`)
    this.#outputs[index]?.uses.delete(use)
    this.#outputs[index] = value
    value.uses.add(use)
  }

  /** A new constant. The name is made unique. */
  constant(tensor: Tensor, name = 'const'): Value {
    const value = new Value(this.names.fresh(name), this)
    this.setConstant(value, tensor)
    return value
  }

  /** Gives a value constant contents, or new ones. @throws if a node produces it: remove or rewire that node first. */
  setConstant(value: Value, tensor: Tensor): void {
    if (value.producer) throw new Error(`value '${value.name}' is produced by node '${value.producer.name}'`)
    value.constant = tensor
    value.type = tensorType(tensor.dtype, tensor.shape)
    value.graph.#constants.add(value)
  }

  /** Removes a constant nobody uses. */
  removeConstant(value: Value): void {
    if (value.uses.size > 0) throw new Error(`constant '${value.name}' is still used`)
    value.graph.#constants.delete(value)
    value.graph.names.release(value.name)
  }

  append(parts: NodeParts): Node {
    return this.#link(this.#make(parts), undefined)
  }

  insertBefore(reference: Node, parts: NodeParts): Node {
    if (!this.has(reference)) throw new Error(`node '${reference.name}' is not in this graph`)
    return this.#link(this.#make(parts), reference)
  }

  insertAfter(reference: Node, parts: NodeParts): Node {
    const next = this.nextOf(reference)
    return next ? this.insertBefore(next, parts) : this.append(parts)
  }

  /** @throws while an output of the node is used, captured or a graph output. */
  remove(node: Node): void {
    const used = node.outputs.find((value) => value && value.uses.size > 0)
    if (used) throw new Error(`node '${node.name}' cannot go: '${used.name}' is still used`)
    const links = this.#links.get(node)
    if (!links) throw new Error(`node '${node.name}' is not in this graph`)
    for (const subgraph of node.subgraphs) subgraph.dissolve()
    for (let index = 0; index < node.inputs.length; index++) this.setInput(node, index, undefined)
    for (const value of node.outputs) if (value) this.names.release(value.name)
    this.names.releaseNode(node.name)
    this.#connect(links.previous, links.next)
    this.#links.delete(node)
  }

  /** Rewires one input slot; slots up to `index` are created when missing. */
  setInput(node: Node, index: number, value: Value | undefined): void {
    const inputs = node.inputs as (Value | undefined)[]
    while (inputs.length <= index) inputs.push(undefined)
    const old = node.slots[index]
    if (old) inputs[index]?.uses.delete(old)
    inputs[index] = value
    const use = value && {node, index}
    node.slots[index] = use
    if (value && use) value.uses.add(use)
  }

  /** Every use of `from`, in this graph and in others, becomes a use of `to`; `except` keeps its own. */
  replaceUses(from: Value, to: Value, except?: Node): void {
    for (const use of [...from.uses]) {
      if ('graph' in use) use.graph.setOutput(use.index, to)
      else if (use.node !== except) this.setInput(use.node, use.index, to)
    }
  }

  /** Gives the node's output slot to another node: the value, its name and uses stay. */
  moveOutput(value: Value, to: Node, index = to.outputs.length): void {
    const from = value.producer
    if (from) (from.outputs as (Value | undefined)[])[from.outputs.indexOf(value)] = undefined
    const outputs = to.outputs as (Value | undefined)[]
    const replaced = outputs[index]
    if (replaced && replaced !== value) {
      if (replaced.uses.size > 0) throw new Error(`output '${replaced.name}' of '${to.name}' is still used`)
      this.names.release(replaced.name)
      replaced.producer = undefined
    }
    while (outputs.length < index) outputs.push(undefined)
    outputs[index] = value
    value.producer = to
  }

  /** Gives the producer of a value a fresh output in its place; the value keeps its name and uses, for another node to produce. */
  detach(value: Value): Value {
    const {producer} = value
    if (!producer) throw new Error(`value '${value.name}' has no producer`)
    const fresh = new Value(this.names.fresh(value.name), this, value.type)
    ;(producer.outputs as (Value | undefined)[])[producer.outputs.indexOf(value)] = fresh
    fresh.producer = producer
    value.producer = undefined
    return fresh
  }

  #make(parts: NodeParts): Node {
    const {name, named} = this.names.nodeName(parts.name, parts.opType)
    const node = new Node(this, parts.opType, parts.domain ?? '', name, named)
    for (const [key, value] of Object.entries(parts.attributes ?? {})) node.set(key, value)
    parts.inputs.forEach((value, index) => {
      this.setInput(node, index, value)
    })
    const outputs = parts.outputs ?? 1
    const names = typeof outputs === 'number' ? Array.from({length: outputs}, (_, i) => `${name}_out${i}`) : outputs
    for (const wanted of names) this.#addOutputSlot(node, wanted)
    return node
  }

  #addOutputSlot(node: Node, name: string | undefined): void {
    const value = name === undefined ? undefined : new Value(this.names.fresh(name), this)
    if (value) value.producer = node
    ;(node.outputs as (Value | undefined)[]).push(value)
  }

  #link(node: Node, before: Node | undefined): Node {
    const previous = before ? this.#links.get(before)?.previous : this.#last
    this.#links.set(node, {previous: undefined, next: undefined})
    this.#connect(previous, node)
    this.#connect(node, before)
    return node
  }

  #connect(previous: Node | undefined, next: Node | undefined): void {
    const [left, right] = [previous && this.#links.get(previous), next && this.#links.get(next)]
    if (left) left.next = next
    else this.#first = next
    if (right) right.previous = previous
    else this.#last = previous
  }

  /** Lets go of everything a graph that is thrown away holds or captured: all its nodes are removed. */
  dissolve(): void {
    this.#outputs.forEach((value, index) => {
      const use = this.#outputUses[index]
      if (use) value.uses.delete(use)
    })
    for (const node of this.nodes().reverse()) this.remove(node)
  }
}
