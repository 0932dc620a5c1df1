import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import type {Value} from '../../src/ir/value.js'
import {randomFloats, type Write} from './pass-trial.js'

/** Networks of kinds that no fixture has, with seeded weights, each as something that writes it into a graph. */

/** Weights as they are after training, about: even, so that a layer keeps the size of what it gets. */
export class Layers {
  #seed: number

  constructor(
    readonly build: GraphBuilder,
    seed: number,
  ) {
    this.#seed = seed
  }

  weight(shape: readonly number[], fanIn: number, name?: string): Value {
    const count = shape.reduce((product, size) => product * size, 1)
    this.#seed++
    return this.build.floats(randomFloats(count, this.#seed, Math.sqrt(3 / fanIn)), shape, name)
  }

  /** `x · W + b` for sequences. */
  linear(x: Value, rows: number, columns: number): Value {
    const product = this.build.op('MatMul', [x, this.weight([rows, columns], rows)])
    return this.build.op('Add', [product, this.weight([columns], 12)])
  }

  gemm(x: Value, rows: number, columns: number): Value {
    return this.build.op('Gemm', [x, this.weight([columns, rows], rows), this.weight([columns], 12)], {transB: 1})
  }

  norm(x: Value, width: number): Value {
    const scale = this.build.floats(randomFloats(width, 5, 0.2).map((value) => 1 + value))
    return this.build.op('LayerNormalization', [x, scale, this.build.floats(new Float32Array(width))], {axis: -1})
  }

  gelu(x: Value): Value {
    const {build} = this
    const erf = build.op('Erf', [build.op('Div', [x, build.scalar(Math.SQRT2)])])
    const gated = build.op('Mul', [x, build.op('Add', [erf, build.scalar(1)])])
    return build.op('Mul', [gated, build.scalar(0.5)])
  }
}

/** Sizes of a decoder. */
export interface Decoder {
  readonly vocabulary: number
  readonly width: number
  readonly heads: number
  readonly layers: number
  readonly positions: number
  readonly seed?: number
}

const GPT: Decoder = {vocabulary: 512, width: 64, heads: 4, layers: 2, positions: 64}

/** A decoder: pre-norm blocks, a causal mask of −infinity made from the length, and the embedding table tied to the output product. */
export const writeGpt: Write = (build) => writeDecoder(build, GPT)

/** As {@link writeGpt}, of other sizes. */
export function decoderWriter(decoder: Decoder): Write {
  return (build) => writeDecoder(build, decoder)
}

function writeDecoder(build: GraphBuilder, decoder: Decoder): void {
  const {vocabulary, width, layers, positions, seed = 100} = decoder
  const net = new Layers(build, seed)
  const ids = build.input('input_ids', ['N', 'T'], 'int64')
  const table = net.weight([vocabulary, width], 12, 'wte')
  const length = build.op('Gather', [build.op('Shape', [ids]), build.scalar(1, 'int64')])
  const range = build.op('Range', [build.scalar(0, 'int64'), length, build.scalar(1, 'int64')])
  const places = build.op('Gather', [net.weight([positions, width], 12, 'wpe'), range])
  const rows = build.op('Unsqueeze', [range, build.ints([1])])
  const mask = build.op('LessOrEqual', [build.op('Unsqueeze', [range, build.ints([0])]), rows])
  let x = build.op('Add', [build.op('Gather', [table, ids]), places])
  for (let layer = 0; layer < layers; layer++) {
    x = build.op('Add', [x, attention(net, net.norm(x, width), mask, decoder)])
    const wide = net.gelu(net.linear(net.norm(x, width), width, 4 * width))
    x = build.op('Add', [x, net.linear(wide, 4 * width, width)])
  }
  const tied = build.op('Transpose', [table], {perm: [1, 0]})
  build.output(build.op('MatMul', [net.norm(x, width), tied], {}, {outputs: ['logits']}))
}

function attention(net: Layers, x: Value, mask: Value, {width, heads}: Decoder): Value {
  const {build} = net
  const split = build.ints([0, 0, heads, width / heads])
  const part = (perm: readonly number[]) =>
    build.op('Transpose', [build.op('Reshape', [net.linear(x, width, width), split])], {perm: [...perm]})
  const [query, key, value] = [part([0, 2, 1, 3]), part([0, 2, 3, 1]), part([0, 2, 1, 3])]
  const scores = build.op('Mul', [build.op('MatMul', [query, key]), build.scalar(1 / Math.sqrt(width / heads))])
  const masked = build.op('Where', [mask, scores, build.scalar(Number.NEGATIVE_INFINITY)])
  const mixed = build.op('MatMul', [build.op('Softmax', [masked], {axis: -1}), value])
  const joined = build.op('Reshape', [build.op('Transpose', [mixed], {perm: [0, 2, 1, 3]}), build.ints([0, 0, width])])
  return net.linear(joined, width, width)
}

/** Two embedding tables and dense features into an MLP: how likely a user takes an item. */
export const writeRecommender: Write = (build) => {
  const net = new Layers(build, 200)
  const tables = ['user', 'item'].map((name) => {
    return build.op('Gather', [net.weight([1000, 32], 3, `${name}_table`), build.input(name, ['N'], 'int64')])
  })
  const x = build.op('Concat', [...tables, build.input('dense', ['N', 8])], {axis: 1})
  const hidden = build.op('Relu', [net.gemm(x, 72, 128)])
  const last = build.op('Relu', [net.gemm(hidden, 128, 64)])
  build.output(build.op('Sigmoid', [net.gemm(last, 64, 1)], {}, {outputs: ['score']}))
}

const FEATURES = 32
const HIDDEN = 48

/** A bidirectional LSTM, a GRU over its outputs, and a head on the GRU's last state. */
export const writeRecurrent: Write = (build) => {
  const net = new Layers(build, 300)
  const x = build.op('Transpose', [build.input('x', ['N', 'T', FEATURES])], {perm: [1, 0, 2]})
  const gates = (count: number, directions: number, width: number) => [
    net.weight([directions, count * HIDDEN, width], width),
    net.weight([directions, count * HIDDEN, HIDDEN], HIDDEN),
    net.weight([directions, 2 * count * HIDDEN], 48),
  ]
  const both = build.op('LSTM', [x, ...gates(4, 2, FEATURES)], {hidden_size: HIDDEN, direction: 'bidirectional'})
  const aside = build.op('Transpose', [both], {perm: [0, 2, 1, 3]})
  const joined = build.op('Reshape', [aside, build.ints([0, 0, 2 * HIDDEN])])
  const attributes = {hidden_size: HIDDEN, linear_before_reset: 1}
  const gru = build.node('GRU', [joined, ...gates(3, 1, 2 * HIDDEN)], attributes, {outputs: 2})
  const state = build.op('Squeeze', [gru.outputs[1], build.ints([0])])
  build.output(build.op('Gemm', [state, net.weight([HIDDEN, 5], HIDDEN)], {}, {outputs: ['logits']}))
}

/** A layer whose weights lie inside the two branches of an If that the data decides, between two layers outside. */
export const writeBranches: Write = (build) => {
  const net = new Layers(build, 400)
  const x = build.op('Relu', [net.gemm(build.input('x', ['N', 64]), 64, 96)])
  const sum = build.op('ReduceSum', [x, build.ints([0, 1])], {keepdims: 0})
  const isLarge = build.op('Greater', [sum, build.scalar(20)])
  const branch = (seed: number): Graph => {
    const graph = new Graph('branch', build.graph)
    const inner = new Layers(new GraphBuilder(graph), seed)
    inner.build.output(inner.build.op('Relu', [inner.linear(x, 96, 96)]))
    return graph
  }
  const branches = {then_branch: branch(500), else_branch: branch(600)}
  build.output(
    build.op('Gemm', [build.op('If', [isLarge], branches), net.weight([96, 10], 96)], {}, {outputs: ['logits']}),
  )
}
