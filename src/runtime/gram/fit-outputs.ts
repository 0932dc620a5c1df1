import {GraphBuilder} from '../../ir/build.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {patches} from '../../ir/patches.js'
import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'

/** A product that is to be fitted: a convolution, or a product of rows with a matrix. */
export interface FittedProduct {
  /** In the graph that is measured. */
  readonly node: Node
  /** Of a convolution; 1 of other products. */
  readonly groups: number
  /** Numbers that a result is made of, and results, per group. */
  readonly inputs: number
  readonly targets: number
  /** Of a convolution. */
  readonly kernel: readonly number[] | undefined
  /** Name of the result in the other model, and which of its channels are wanted; all when absent. */
  readonly target: string
  readonly kept: readonly number[] | undefined
  /** Whether rows themselves are wanted, where they are fewer than what is made of them. */
  readonly isFewRows: boolean
  /** What the result is added to: its error, which is known, is to be made up for. */
  readonly skip?: FittedSkip | undefined
}

/** The other side of a residual addition. */
export interface FittedSkip {
  /** In the graph that is measured. */
  readonly value: Value
  /** Name of the same in the other model. */
  readonly target: string
  /** What the result is multiplied by, channel by channel, before it is added; 1 when absent. */
  readonly factors: readonly number[] | undefined
}

/** Names of what measures one product. Structured-clonable. */
export interface FitNames {
  readonly groups: number
  readonly inputs: number
  readonly targets: number
  readonly isFewRows: boolean
  /** Output of the other model, fed to an input of this one. */
  readonly target: string
  readonly targetInput: string
  /** The same of what the result is added to; undefined where nothing is known of it. */
  readonly skip: {readonly target: string; readonly input: string} | undefined
  /** Input of the positions of a picture that are looked at; undefined for rows. */
  readonly positions: string | undefined
  /** `[groups, inputs, inputs]`; of few rows `[1, rows, inputs]`. */
  readonly products: string
  /** `[groups, inputs, targets]`; of few rows `[1, rows, targets]`. */
  readonly cross: string
  /** Means over the rows of a run, `[groups, inputs, 1]` and `[groups, targets, 1]`. */
  readonly inputMeans: string
  readonly targetMeans: string
}

/**
 * Adds outputs to a graph that measure what a least-squares fit of its products takes, with the results of another model as targets. The
 * matrices of products are computed where the tensors are; no activation leaves the runtime. Changes the graph.
 */
export function addFitOutputs(graph: Graph, products: readonly FittedProduct[]): FitNames[] {
  const build = new GraphBuilder(graph)
  return products.map((product, index) => addFit(build, product, index))
}

function addFit(build: GraphBuilder, product: FittedProduct, index: number): FitNames {
  const {groups, inputs, targets, isFewRows, target, kernel, node, skip} = product
  const targetInput = build.graph.addInput(`target_${index}`, {kind: 'tensor', dtype: 'float32', shape: undefined})
  const positions =
    kernel && build.graph.addInput(`positions_${index}`, {kind: 'tensor', dtype: 'int64', shape: [undefined]})
  const x = node.inputs[0] as Value
  const rows = positions
    ? rowsOf(build, patchesOf(build, product, x), {positions, groups, width: inputs})
    : build.op('Reshape', [x, build.ints([1, -1, inputs])])
  const skipInput = skip && build.graph.addInput(`skip_${index}`, {kind: 'tensor', dtype: 'float32', shape: undefined})
  const plain = keptOf(build, targetInput, product)
  const wanted = skip && skipInput ? withSkip(build, plain, keptOf(build, skipInput, product), product, skip) : plain
  const results = positions
    ? rowsOf(build, wanted, {positions, groups, width: targets})
    : build.op('Reshape', [wanted, build.ints([1, -1, targets])])
  const columns = build.op('Transpose', [rows], {perm: [0, 2, 1]})
  const out = (value: Value) => build.output(value).name
  return {
    ...{groups, inputs, targets, isFewRows, target},
    targetInput: targetInput.name,
    skip: skip && skipInput && {target: skip.target, input: skipInput.name},
    positions: positions?.name,
    products: out(isFewRows ? rows : build.op('MatMul', [columns, rows])),
    cross: out(isFewRows ? results : build.op('MatMul', [columns, results])),
    inputMeans: out(build.op('GlobalAveragePool', [columns])),
    targetMeans: out(build.op('GlobalAveragePool', [build.op('Transpose', [results], {perm: [0, 2, 1]})])),
  }
}

/** The channels of a target that are left, along the axis of channels. */
function keptOf(build: GraphBuilder, target: Value, {kept, kernel}: FittedProduct): Value {
  return kept ? build.op('Gather', [target, build.ints(kept)], {axis: kernel ? 1 : -1}) : target
}

/** The target, and what the other side of the addition lacks. */
function withSkip(
  build: GraphBuilder,
  target: Value,
  dense: Value,
  {kernel}: FittedProduct,
  {value, factors}: FittedSkip,
): Value {
  const lacking = build.op('Sub', [dense, value])
  if (!factors) return build.op('Add', [target, lacking])
  const largest = factors.reduce((most, factor) => Math.max(most, Math.abs(factor)), 0)
  // a channel that is next to nothing cannot make up for anything
  const inverse = factors.map((factor) => (Math.abs(factor) > LEAST_FACTOR * largest ? 1 / factor : 0))
  const shape = [factors.length, ...(kernel ?? []).map(() => 1)]
  return build.op('Add', [target, build.op('Mul', [lacking, build.floats(inverse, shape)])])
}

const LEAST_FACTOR = 0.01

/** What each result of a convolution is made of. */
function patchesOf(build: GraphBuilder, {node, kernel = [], groups, inputs}: FittedProduct, x: Value): Value {
  const attributes = Object.fromEntries([...node.attributes].filter(([name]) => PLACING.has(name)))
  return patches(build, x, (groups * inputs) / elementCount(kernel), {kernel, attributes})
}

const PLACING: ReadonlySet<string> = new Set(['strides', 'dilations', 'pads', 'auto_pad'])

interface RowLayout {
  readonly positions: Value
  readonly groups: number
  readonly width: number
}

/** `[N, groups·width, …]` at some positions, as `[groups, N·positions, width]`. */
function rowsOf(build: GraphBuilder, value: Value, {positions, groups, width}: RowLayout): Value {
  const flat = build.op('Reshape', [value, build.ints([0, groups * width, -1])])
  const some = build.op('Gather', [flat, positions], {axis: 2})
  const split = build.op('Reshape', [some, build.ints([0, groups, width, -1])])
  const turned = build.op('Transpose', [split], {perm: [1, 0, 3, 2]})
  return build.op('Reshape', [turned, build.ints([groups, -1, width])])
}
