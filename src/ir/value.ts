import type {Graph} from './graph.js'
import type {Node} from './node.js'
import type {Tensor} from './tensor.js'
import type {ValueType} from './types.js'

/** One place a value is used: an input slot of a node, in this graph or a subgraph that captures it, or an output slot of a graph. */
export type Use = {readonly node: Node; readonly index: number} | {readonly graph: Graph; readonly index: number}

/**
 * What flows along an edge: a graph input, an output of a node, or a constant (a weight, wherever the file kept it).
 * Made by Graph and Node only. `uses` is kept by the mutators in graph.ts.
 */
export class Value {
  /** Set by the graph's mutators. */
  producer: Node | undefined
  type: ValueType | undefined
  /** Set by `graph.setConstant` and `graph.constant`; everyone else reads. */
  constant: Tensor | undefined
  readonly uses = new Set<Use>()
  /** The file's own messages for this value, with all that mopt does not interpret; only io looks inside. */
  wire?: unknown

  constructor(
    readonly name: string,
    readonly graph: Graph,
    type?: ValueType,
  ) {
    this.type = type
  }

  /** The nodes that read this value, each once, captures by subgraphs included. */
  get consumers(): Node[] {
    const nodes = [...this.uses].flatMap((use) => ('node' in use ? [use.node] : []))
    return [...new Set(nodes)]
  }

  /** Whether this value is an output of the graph it belongs to, or of any other. */
  get isOutput(): boolean {
    return [...this.uses].some((use) => 'graph' in use)
  }
}
