import {isFloat} from '../ir/dtype.js'
import type {Graph} from '../ir/graph.js'
import type {Node} from '../ir/node.js'
import type {Value} from '../ir/value.js'
import {GradientBuilder} from '../ops/gradient-builder.js'
import {isRefusal} from '../ops/op-spec.js'
import {dtypeOf, shapeOf} from '../ops/operand.js'
import type {SpecOf} from '../ops/specs-of.js'
import {typeNodes} from './type-nodes.js'
import {withoutGradient} from './without-gradient.js'

export type {SpecOf} from '../ops/specs-of.js'

/** First version of the standard domain that has all that gradient rules write (ScatterND and ScatterElements that add). */
export const FIRST_OPSET = 16

export interface Wanted {
  /** What is differentiated; the sum of its elements when it has several. */
  readonly loss: Value
  /** With respect to what: constants (weights), graph inputs, or values in between. */
  readonly wrt: readonly Value[]
}

/**
 * Writes the gradients of a loss behind the nodes of a graph: reverse-mode differentiation, symbolic, so that ONNX Runtime does
 * all arithmetic. Only what lies between `wrt` and the loss is touched; what turns out unused is taken away again.
 *
 * Before: the model is at opset 16 or later, functions are inlined, and `inferModel` has filled in the types.
 * After: forward nodes may have further outputs (a pool's indices, a normalization's mean) or be written in another way, new nodes stand
 * at the end, with types.
 * The gradient of a value has its shape and element type. A value that is used several times (a tied weight or bias,
 * also through Identity) gets the sum. Integers and bools carry no gradient; quantized ones pass it straight through.
 *
 * @returns the gradient per value of `wrt`. A value that does not reach the loss is missing: its gradient is 0.
 * @throws UnsupportedOpError for an operator on the way that has no gradient, with the way that needs it.
 */
export function backward(graph: Graph, {loss, wrt}: Wanted, {specOf}: {specOf: SpecOf}): Map<Value, Value> {
  const forward = graph.nodes()
  const active = reachedFrom(wrt, forward)
  const path = {loss, wrt, nodes: graph.nodes(), active, reads}
  const infer = typeNodes(specOf)
  const build = new GradientBuilder(graph, {infer, needs: (value) => value !== undefined && active.has(value)})
  const sums = new Gradients(build)
  const before = new Set(graph.constants())
  if (active.has(loss)) sums.add(loss, seed(build, loss))
  for (const node of forward.reverse()) {
    const gradients = node.outputs.map((value) => value && active.has(value) && sums.of(value))
    if (!gradients.some(Boolean) || !readsActive(node, active)) continue
    const rule = specOf(node)?.gradient
    if (!rule || isRefusal(rule)) throw withoutGradient(node, path, specOf)
    const parts = rule(
      build,
      node,
      gradients.map((value) => value || undefined),
    )
    node.inputs.forEach((input, index) => {
      const part = parts[index]
      if (input && part && active.has(input)) sums.add(input, part)
    })
  }
  const results = new Map(wrt.flatMap((value): [Value, Value][] => entry(value, sums.of(value))))
  removeUnused(graph, new Set(forward), before, new Set(results.values()))
  return results
}

/** Collects what flows into a value from each of its uses, and adds it up once it is asked for. */
class Gradients {
  readonly #parts = new Map<Value, Value[]>()

  constructor(private readonly build: GradientBuilder) {}

  add(value: Value, part: Value): void {
    // shapes that the rule could not tell are those of the value
    if (!shapeOf(part) && value.type) part.type = value.type
    const parts = this.#parts.get(value)
    if (parts) parts.push(part)
    else this.#parts.set(value, [part])
  }

  of(value: Value): Value | undefined {
    const parts = this.#parts.get(value)
    if (!parts || parts.length < 2) return parts?.[0]
    const sum = this.build.op('Sum', parts)
    this.#parts.set(value, [sum])
    return sum
  }
}

function seed(build: GradientBuilder, loss: Value): Value {
  return shapeOf(loss)?.length === 0 ? build.like(loss, 1) : build.filled(build.shapeOf(loss), loss, 1)
}

/** Every value that changes when one of `from` does, as far as gradients can follow. */
function reachedFrom(from: readonly Value[], nodes: readonly Node[]): Set<Value> {
  const reached = new Set(from)
  for (const node of nodes) {
    if (!readsActive(node, reached)) continue
    for (const value of node.outputs) if (value && carriesGradient(value)) reached.add(value)
  }
  return reached
}

/** Floats, and quantized tensors, which stand for floats. */
function carriesGradient(value: Value): boolean {
  const dtype = dtypeOf(value)
  return dtype === undefined || isFloat(dtype) || /^u?int(2|4|8|16)$/.test(dtype)
}

/** As an input, or inside a subgraph that captures it. */
function readsActive(node: Node, active: ReadonlySet<Value>): boolean {
  return reads(node).some((value) => active.has(value))
}

function reads(node: Node): Value[] {
  const captured = node.subgraphs.flatMap((graph) => [
    ...graph.outputs,
    ...graph.allNodes().flatMap((one) => one.inputs),
  ])
  return [...node.inputs, ...captured].filter((value) => value !== undefined)
}

/** Nodes and constants that were written for a gradient nobody wanted. */
function removeUnused(
  graph: Graph,
  forward: ReadonlySet<Node>,
  before: ReadonlySet<Value>,
  results: ReadonlySet<Value>,
): void {
  for (const node of graph.nodes().reverse()) {
    // one without any output is a forward node whose outputs come from others now
    if (forward.has(node) && node.outputs.some(Boolean)) continue
    if (node.outputs.every((value) => !value || (value.uses.size === 0 && !results.has(value)))) graph.remove(node)
  }
  for (const value of graph.constants()) {
    if (!before.has(value) && value.uses.size === 0 && !results.has(value)) graph.removeConstant(value)
  }
}

function entry(value: Value, gradient: Value | undefined): [Value, Value][] {
  return gradient ? [[value, gradient]] : []
}
