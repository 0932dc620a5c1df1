import type {Dim} from '../ir/dim.js'
import type {Graph} from '../ir/graph.js'
import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import {elementCount, readNumbers, type Tensor} from '../ir/tensor.js'
import {tensorType} from '../ir/types.js'
import type {Value} from '../ir/value.js'
import {type BindOptions, bindSizes} from './bind-sizes.js'
import {refineType} from './merge-type.js'
import type {InferContext, Inferred, OpSpec} from './op-spec.js'
import {lookup} from './registry.js'

/** Larger integer tensors are data, not shapes. */
const MAX_CONTENTS = 1024
const SHAPE_DTYPES: ReadonlySet<string> = new Set(['int64', 'int32', 'bool'])
/** Exporters multiply sizes by float scales: whole numbers among them are followed. */
const SCALE_DTYPES: ReadonlySet<string> = new Set(['float32', 'float64'])
const MAX_SCALES = 16

/** What an inference found besides types. */
export interface Inference {
  /** Elements of a small integer tensor, known or symbolic, row-major; undefined when nothing is known of them. */
  contentsOf(value: Value | undefined): readonly Dim[] | undefined
}

/**
 * Fills `value.type` of every value, in the graph and its subgraphs, from the operators' definitions and what the file states.
 * What was known is never replaced by less; an operator without a record leaves its outputs as the file described them.
 * Where the file states another size than the graph computes, the computed one holds and a warning goes to `model.warnings`, as in ONNX Runtime.
 *
 * @param options `inputShapes` by input name and `dims` by size name; both replace names everywhere they appear.
 * @returns what is known besides types; it holds as long as the values do.
 * @throws ShapeError when a node's inputs contradict its operator, or a given shape the model's; UsageError for an unknown input.
 */
export function inferModel(model: Model, options: BindOptions = {}): Inference {
  bindSizes(model, options)
  const walk = new Walk(model)
  walk.graph(model.graph)
  const [first] = walk.stale
  if (first !== undefined) {
    const more = walk.stale.length > 1 ? `, and ${walk.stale.length - 1} more like it` : ''
    model.warnings.push({code: 'STALE_SHAPE', message: `${first}${more}; the computed sizes are used`})
  }
  return {contentsOf: (value) => walk.contentsOf(value)}
}

/** The version of the node's domain that the model imports; 1 where it names none. */
export function opsetOf(node: Pick<Node, 'domain'>, model: Pick<Model, 'opsets'>): number {
  const aliases = node.domain === '' ? ['', 'ai.onnx'] : [node.domain]
  return aliases.map((domain) => model.opsets.get(domain)).find((version) => version !== undefined) ?? 1
}

/**
 * Multiply-accumulates of one run, from the types that `inferModel` has filled in; of an If the costlier branch.
 *
 * @returns undefined while a size is unknown or an operator has no record.
 */
export function macsOf(model: Model): number | undefined {
  return macsOfGraph(model.graph, model)
}

function macsOfGraph(graph: Graph, model: Model): number | undefined {
  let sum = 0
  for (const node of graph.nodes()) {
    const spec = lookup(node, opsetOf(node, model))
    const [own, inside] = [spec?.macs(node), macsInside(node, spec, model)]
    if (own === undefined || inside === undefined) return undefined
    sum += own + inside
  }
  return sum
}

/** The costlier subgraph, as often as it runs; a body without products costs nothing however often that is. */
function macsInside(node: Node, spec: OpSpec | undefined, model: Model): number | undefined {
  const branches = node.subgraphs.map((subgraph) => macsOfGraph(subgraph, model))
  if (branches.includes(undefined)) return undefined
  const most = Math.max(0, ...branches.map((macs) => macs ?? 0))
  const rounds = spec?.rounds ? spec.rounds(node) : 1
  return most === 0 ? 0 : rounds && rounds * most
}

/** One walk over a model in execution order; holds the contents of shape tensors. */
class Walk {
  readonly stale: string[] = []
  readonly #contents = new Map<Value, readonly Dim[]>()

  constructor(private readonly model: Model) {}

  graph(graph: Graph): void {
    for (const node of graph.nodes()) this.#node(node)
  }

  #node(node: Node): void {
    const opset = opsetOf(node, this.model)
    const spec = lookup(node, opset)
    if (!spec) {
      for (const subgraph of node.subgraphs) this.graph(subgraph)
      return
    }
    const inferred = spec.infer(node, this.#context(opset))
    node.outputs.forEach((value, index) => {
      const result = inferred[index]
      if (value && result) this.#record(node, value, result)
    })
  }

  #record(node: Node, value: Value, result: Inferred): void {
    const isTensor = 'shape' in result
    const type = isTensor ? tensorType(result.dtype, result.shape) : result.type
    refineType(node, value, type, this.stale)
    // a body is inferred several times: what an earlier round knew must not stay
    if (isTensor && result.contents && result.contents.length <= MAX_CONTENTS)
      this.#contents.set(value, result.contents)
    else this.#contents.delete(value)
  }

  #context(opset: number): InferContext {
    return {
      opset,
      constantOf: (value) => value?.constant,
      contentsOf: (value) => this.contentsOf(value),
      inferGraph: (graph) => this.graph(graph),
    }
  }

  contentsOf(value: Value | undefined): readonly Dim[] | undefined {
    if (!value) return undefined
    return value.constant ? smallIntegers(value.constant) : this.#contents.get(value)
  }
}

function smallIntegers(tensor: Tensor): readonly number[] | undefined {
  const count = elementCount(tensor.shape)
  if (SHAPE_DTYPES.has(tensor.dtype)) return count > MAX_CONTENTS ? undefined : readNumbers(tensor)
  if (!SCALE_DTYPES.has(tensor.dtype) || count > MAX_SCALES) return undefined
  const numbers = readNumbers(tensor)
  return numbers.every(Number.isSafeInteger) ? numbers : undefined
}
