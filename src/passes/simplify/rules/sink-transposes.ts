import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {tensorType} from '../../../ir/types.js'
import type {Value} from '../../../ir/value.js'
import type {Change} from '../../pass.js'
import {type AxisOrder, inverseOf, listBefore} from '../patterns/axis-order.js'
import {isIdentity, permutationOf} from '../patterns/permutation.js'
import {type Reordering, reorderingOf} from '../patterns/reordered.js'
import {bypass} from '../redirect.js'
import {removeUnread} from '../remove-unread.js'
import type {Rule} from '../rule.js'

const NAME = 'sink-transposes'

/**
 * What lies between Transposes that undo each other computes in the order of axes in front of them, and they vanish: exports of
 * channels-last frameworks transpose around each convolution, for biases, activations, paddings and residual Adds in between. All
 * nodes that can change their order and hang together do, where fewer Transposes are left: so it ends. Samples stay the first axis:
 * the time-major sequences of recurrent layers are left alone.
 */
export const sinkTransposes: Rule = {
  name: NAME,
  create: ({opsetOf}) => ({
    name: NAME,
    run(graph) {
      const changed: Change[] = []
      for (const transpose of graph.allNodes()) {
        if (!isTranspose(transpose) || !transpose.graph.has(transpose)) continue
        const order = permutationOf(transpose)
        if (order?.[0] !== 0 || isIdentity(order)) continue
        const region = new Region(transpose.graph, order, (node) => reorderingOf(node, order, opsetOf(node)))
        const saved = region.grow(transpose)
        if (saved <= 0) continue
        region.apply()
        changed.push({rule: NAME, node: transpose.name, op: 'Transpose', to: `${saved} fewer`})
      }
      return {changed, skipped: []}
    },
  }),
}

function isTranspose(node: Node | undefined): node is Node {
  return node?.opType === 'Transpose' && node.domain === ''
}

/** Nodes that are to compute in the order of axes before a Transpose. */
class Region {
  readonly #members = new Map<Node, Reordering>()
  readonly #inverse: AxisOrder

  constructor(
    private readonly graph: Graph,
    private readonly order: AxisOrder,
    private readonly reorderingOf: (node: Node) => Reordering | undefined,
  ) {
    this.#inverse = inverseOf(order)
  }

  /** Takes in all nodes behind a Transpose that hang together, and lets go of those that save nothing. @returns the Transposes saved. */
  grow(transpose: Node): number {
    const pending = transpose.outputs[0]?.consumers ?? []
    for (const node of pending) {
      if (this.#members.has(node) || node.graph !== this.graph) continue
      const reordering = this.reorderingOf(node)
      if (!reordering?.data.every((slot) => node.inputs[slot]?.graph === this.graph)) continue
      this.#members.set(node, reordering)
      pending.push(...this.#neighbours(node, reordering))
    }
    this.#trim()
    return this.#savedAround([...this.#members.keys()])
  }

  #neighbours(node: Node, {data, isReordered}: Reordering): Node[] {
    const before = data.flatMap((slot) => {
      const producer = node.inputs[slot]?.producer
      return producer && this.reorderingOf(producer)?.isReordered ? [producer] : []
    })
    return isReordered ? [...before, ...node.outputs.flatMap((value) => value?.consumers ?? [])] : before
  }

  /** Nodes at the edge that save nothing stay as they are. */
  #trim(): void {
    const pending = [...this.#members.keys()].reverse()
    for (const node of pending) {
      const reordering = this.#members.get(node)
      if (!reordering) continue
      const values = this.#valuesOf(node, reordering)
      const before = this.#savedAt(values)
      this.#members.delete(node)
      if (this.#savedAt(values) < before) {
        this.#members.set(node, reordering)
        continue
      }
      pending.push(...this.#neighbours(node, reordering).filter((one) => this.#members.has(one)))
    }
  }

  #savedAround(nodes: readonly Node[]): number {
    return this.#savedAt(new Set(nodes.flatMap((node) => [...this.#valuesOf(node, this.#memberOf(node))])))
  }

  #memberOf(node: Node): Reordering {
    return this.#members.get(node) as Reordering
  }

  /** The values whose order matters to a node. */
  #valuesOf(node: Node, {data, isReordered}: Reordering): Set<Value> {
    const outputs = isReordered ? node.outputs : []
    const values = [...data.map((slot) => node.inputs[slot]), ...outputs]
    return new Set(values.filter((value) => value !== undefined))
  }

  #savedAt(values: ReadonlySet<Value>): number {
    return [...values].reduce(
      (sum, value) => sum + (this.#isMade(value) ? this.#savedBehind(value) : this.#savedAhead(value)),
      0,
    )
  }

  /** Whether a node of the region computes the value, in the new order. */
  #isMade({producer}: Value): boolean {
    return producer !== undefined && this.#members.get(producer)?.isReordered === true
  }

  /** Transposes back vanish; who else reads the old order needs one, into which other Transposes merge. */
  #savedBehind(value: Value): number {
    const undone = this.#undoing(value).length
    const others = this.#outside(value).filter((node) => !isTranspose(node))
    return undone - (others.length > 0 || value.isOutput ? 1 : 0)
  }

  /** A Transpose that the region alone reads vanishes, or takes up the one that is needed. */
  #savedAhead(value: Value): number {
    if (!this.#readers(value).length) return 0
    const {producer} = value
    const isFree = isTranspose(producer) && this.#outside(value).length === 0 && !value.isOutput
    if (isTranspose(producer) && permutationOf(producer)?.join() === this.order.join()) return isFree ? 1 : 0
    return isFree ? 0 : -1
  }

  /** Where members read a value as data. */
  #readers(value: Value): {node: Node; index: number}[] {
    return [...value.uses].flatMap((use) =>
      'node' in use && this.#members.get(use.node)?.data.includes(use.index) ? [use] : [],
    )
  }

  #outside(value: Value): Node[] {
    const inside = new Set(this.#readers(value).map(({node}) => node))
    return value.consumers.filter((node) => !inside.has(node))
  }

  #undoing(value: Value): Node[] {
    const inverse = this.#inverse.join()
    return this.#outside(value).filter(
      (node) =>
        isTranspose(node) &&
        node.graph === this.graph &&
        permutationOf(node)?.join() === inverse &&
        !node.outputs[0]?.isOutput,
    )
  }

  apply(): void {
    const values = new Set([...this.#members].flatMap(([node, member]) => [...this.#valuesOf(node, member)]))
    for (const value of values) if (!this.#isMade(value)) this.#enter(value)
    for (const member of this.#members.values()) member.apply()
    for (const value of values) if (this.#isMade(value)) this.#leave(value)
  }

  /** The members read a value in the new order. */
  #enter(value: Value): void {
    const {producer} = value
    const isUndone = isTranspose(producer) && permutationOf(producer)?.join() === this.order.join()
    const readers = this.#readers(value)
    const origin = isUndone ? producer.inputs[0] : this.#transposed(value, readers)
    for (const {node, index} of readers) this.graph.setInput(node, index, origin)
    removeUnread(value)
  }

  #transposed(value: Value, readers: readonly {node: Node}[]): Value {
    const parts = {opType: 'Transpose', inputs: [value], attributes: {perm: this.#inverse}}
    const {producer} = value
    const first = this.graph.nodes().find((node) => readers.some((reader) => reader.node === node)) as Node
    const made = producer ? this.graph.insertAfter(producer, parts) : this.graph.insertBefore(first, parts)
    const result = made.outputs[0] as Value
    this.#reorderType(result, value)
    return result
  }

  /** Whoever is not a member goes on reading the old order, under the old name. */
  #leave(value: Value): void {
    const producer = value.producer as Node
    const undone = this.#undoing(value)
    const hasOthers = value.isOutput || this.#outside(value).length > undone.length
    const moved = hasOthers ? this.graph.detach(value) : value
    const readers = this.#readers(value)
    if (hasOthers) {
      const parts = {opType: 'Transpose', inputs: [moved], attributes: {perm: this.order}}
      this.graph.moveOutput(value, this.graph.insertAfter(producer, parts), 0)
      for (const {node, index} of readers) this.graph.setInput(node, index, moved)
    }
    this.#reorderType(moved, value)
    for (const transpose of undone) bypass(transpose, moved)
  }

  #reorderType(moved: Value, value: Value): void {
    const {type} = value
    if (type?.kind === 'tensor' && type.shape) moved.type = tensorType(type.dtype, listBefore(type.shape, this.order))
  }
}
