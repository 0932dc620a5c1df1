import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import {isRefusal, type QuantizeFact} from '../../../ops/op-spec.js'
import type {SpecOf} from '../../../ops/specs-of.js'
import {clampRange} from '../kernels/clamp-range.js'
import {dataOutputs} from '../kernels/data-outputs.js'
import {whyNotInteger} from '../kernels/integer-kernels.js'
import {isDepthwise} from '../kernels/is-depthwise.js'
import {isOnlyZeros} from '../kernels/only-zeros.js'
import {ScaleGroups} from './scale-groups.js'

export type ComputeFact = Extract<QuantizeFact, {as: 'compute'}>

/** Where integers with ranges of the data run, and what for. */
export interface IntegerSpans {
  /** Nodes with an integer kernel for their weight, in execution order. */
  readonly compute: ReadonlyMap<Node, ComputeFact>
  /** Relu and Clip nodes that the quantizer behind them makes superfluous, by the value they read. */
  readonly absorbed: ReadonlyMap<Value, Node>
  /** Activations that get a scale, in execution order; values in one group share it. */
  readonly tensors: readonly Value[]
  readonly groups: ScaleGroups
  /** Operands of a Concat that are zeros: they are written as integers of its result's scale. */
  readonly fillings: readonly {readonly node: Node; readonly index: number}[]
  /** All nodes that run on integers. */
  readonly integer: ReadonlySet<Node>
  /** Depthwise convolutions that were to be static and would stand alone between float operators: they gain nothing. */
  readonly lone: readonly Node[]
}

export interface SpanOptions {
  readonly specOf: SpecOf
  /** The layers that are to run on integers. */
  readonly isStatic: (node: Node) => boolean
  /** Whether a node without a weight may run on integers where its neighbours do. */
  readonly mayFollow: (node: Node) => boolean
  /** The first layers, in float: their result is quantized at once, so what reads it runs on integers. */
  readonly isStem: (node: Node) => boolean
  /** Layers that stay on integers however little they gain. */
  readonly isForced: (node: Node) => boolean
}

/**
 * What the layers that run on integers take along: what lies between them (pools, reshapes, residual Adds) where every operand is an
 * integer already and somebody behind it wants integers. All others stay float, attention masks among them.
 */
export function integerSpans(graph: Graph, options: SpanOptions): IntegerSpans {
  return new Spans(graph, options).find()
}

class Spans {
  readonly #compute = new Map<Node, ComputeFact>()
  readonly #absorbed = new Map<Value, Node>()
  readonly #between = new Map<Node, 'elementwise' | 'passthrough'>()
  readonly #lone: Node[] = []
  /** Values that integer nodes produce. */
  readonly #integerValues = new Set<Value>()

  constructor(
    private readonly graph: Graph,
    private readonly options: SpanOptions,
  ) {}

  find(): IntegerSpans {
    const nodes = this.graph.nodes()
    for (const node of nodes) this.#visit(node)
    for (const node of nodes.reverse()) {
      this.#dropUseless(node)
      this.#dropLoneDepthwise(node)
    }
    const integer = new Set<Node>([...this.#compute.keys(), ...this.#between.keys()])
    this.#keepClamps(this.#scales(integer))
    const {tensors, groups} = this.#scales(integer)
    const fillings = this.#fillings()
    return {compute: this.#compute, absorbed: this.#absorbed, tensors, groups, fillings, integer, lone: this.#lone}
  }

  #visit(node: Node): void {
    if (this.options.isStem(node)) {
      this.#produce(node)
      return
    }
    const fact = this.#factOf(node)
    if (!fact) return
    if (fact.as === 'activation') this.#absorb(node)
    else if (fact.as === 'compute') {
      this.#compute.set(node, fact)
      this.#produce(node)
    } else if (this.#readsIntegers(node, fact.as)) {
      this.#between.set(node, fact.as)
      this.#produce(node)
    }
  }

  /** Whether all that a node reads is integers; zeros that only widen the others, as residual skips have them, are taken along. */
  #readsIntegers(node: Node, as: QuantizeFact['as']): boolean {
    const values = dataInputs(node, as)
    const isInteger = (value: Value | undefined) => value !== undefined && this.#integerValues.has(value)
    if (node.opType !== 'Concat') return values.every(isInteger)
    return values.some(isInteger) && values.every((value) => isInteger(value) || (value && isOnlyZeros(value)))
  }

  #factOf(node: Node): QuantizeFact | undefined {
    const fact = this.options.specOf(node)?.quantize
    if (!fact || isRefusal(fact)) return undefined
    if (fact.as === 'compute') return this.options.isStatic(node) ? fact : undefined
    return whyNotInteger(node, fact) === undefined && this.options.mayFollow(node) ? fact : undefined
  }

  #produce(node: Node): void {
    for (const output of dataOutputs(node)) this.#integerValues.add(output)
  }

  /** Relu and Clip vanish into the quantizer behind them when they are all that reads an integer kernel's result. */
  #absorb(node: Node): void {
    const [input, output] = [node.inputs[0], node.outputs[0]]
    const producer = input?.producer
    if (!input || !output || !producer || input.uses.size !== 1) return
    if (!this.#compute.has(producer) && this.#between.get(producer) !== 'elementwise') return
    this.#absorbed.set(input, node)
    this.#integerValues.delete(input)
    this.#integerValues.add(output)
  }

  /** A scale shared with values beyond a Relu or Clip does not saturate where that would: it stays. */
  #keepClamps({tensors, groups}: {tensors: readonly Value[]; groups: ScaleGroups}): void {
    const sources = tensors.filter(({producer}) => !producer || !this.#sharesScale(producer))
    for (const [input, activation] of this.#absorbed) {
      const own = clampRange(activation)
      const root = groups.rootOf(activation.outputs[0] as Value)
      const isBeyond = ({producer}: Value) => {
        const {min, max} = clampRange(producer)
        return min < own.min || max > own.max
      }
      if (sources.some((value) => groups.rootOf(value) === root && isBeyond(value))) this.#absorbed.delete(input)
    }
  }

  #fillings(): {node: Node; index: number}[] {
    const concats = [...this.#between.keys()].filter(({opType}) => opType === 'Concat')
    return concats.flatMap((node) =>
      node.inputs.flatMap((value, index) =>
        value && !this.#integerValues.has(value) && isOnlyZeros(value) ? [{node, index}] : [],
      ),
    )
  }

  /** Whether a node's result has the scale of what it reads. */
  #sharesScale(node: Node): boolean {
    return this.#between.get(node) === 'passthrough' || (node.opType === 'Concat' && this.#between.has(node))
  }

  /** An integer pool or Add that nobody with weights reads would only add a QuantizeLinear: it stays float. */
  #dropUseless(node: Node): void {
    if (!this.#between.has(node)) return
    if (this.#isReadByIntegers(node)) return
    this.#between.delete(node)
    for (const output of dataOutputs(node)) this.#absorbed.delete(output)
  }

  /**
   * A depthwise convolution gains too little on integers for quantizers of its own: before a float activation, as PaddleOCR's
   * recognizer has them, leaving it in float took the model from 1.68× to 1.76× of float, and half of the errors away.
   */
  #dropLoneDepthwise(node: Node): void {
    if (!this.#compute.has(node) || !isDepthwise(node) || this.options.isForced(node)) return
    const hasReaders = this.#resultsOf(node).some(({consumers}) => consumers.length > 0)
    if (!hasReaders || this.#isReadByIntegers(node)) return
    this.#compute.delete(node)
    for (const output of dataOutputs(node)) this.#absorbed.delete(output)
    this.#lone.push(node)
  }

  #isReadByIntegers(node: Node): boolean {
    const readers = this.#resultsOf(node).flatMap(({consumers}) => consumers)
    return readers.some((reader) => this.#compute.has(reader) || this.#between.has(reader))
  }

  /** The values that carry a node's results, after absorbed activations. */
  #resultsOf(node: Node): Value[] {
    return dataOutputs(node).map((output) => this.#absorbed.get(output)?.outputs[0] ?? output)
  }

  #scales(integer: ReadonlySet<Node>): {tensors: Value[]; groups: ScaleGroups} {
    const tensors = new Set<Value>()
    const groups = new ScaleGroups()
    const fillings = new Set(this.#fillings().map(({node, index}) => node.inputs[index]))
    for (const node of this.graph.nodes()) {
      if (!integer.has(node)) continue
      const between = this.#between.get(node)
      const read = dataInputs(node, between ?? 'compute').filter((value) => value !== undefined)
      const inputs = read.filter((value) => !fillings.has(value))
      for (const value of inputs) tensors.add(value)
      for (const result of this.#resultsOf(node)) {
        if (this.#needsOutputScale(node, result, integer)) tensors.add(result)
        if (this.#sharesScale(node)) for (const value of inputs) groups.tie(value, result)
      }
    }
    return {tensors: [...tensors], groups}
  }

  /** Gemm and MatMul give float results for free; Conv, the rest and what an activation follows need a quantizer behind them. */
  #needsOutputScale(node: Node, result: Value, integer: ReadonlySet<Node>): boolean {
    if (node.opType !== 'Gemm' && node.opType !== 'MatMul') return true
    if (result !== node.outputs[0]) return true
    return result.consumers.some((reader) => integer.has(reader))
  }
}

/** The inputs that carry activations: the first one, or all of an elementwise operator, but for the condition of a Where. */
function dataInputs({opType, inputs}: Node, as: QuantizeFact['as']): readonly (Value | undefined)[] {
  if (as !== 'elementwise') return inputs.slice(0, 1)
  return opType === 'Where' ? inputs.slice(1) : inputs
}
