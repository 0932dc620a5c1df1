import {float} from '../../src/ir/attribute.js'
import type {GraphBuilder} from '../../src/ir/build.js'
import {derivedTensor} from '../../src/ir/tensor.js'
import type {Value} from '../../src/ir/value.js'
import type {Write} from './pass-trial.js'

/** Sizes of a decoder as exporters of language models write them now. */
export interface ModernDecoder {
  readonly vocabulary: number
  /** A multiple of `heads`, and of 32. */
  readonly width: number
  readonly heads: number
  /** Heads of keys and values, each for several of the queries. */
  readonly pairs: number
  readonly hidden: number
  readonly layers: number
  /** Longest sequence. */
  readonly positions: number
  /** The embedding table is the output layer too, turned around. */
  readonly isTied: boolean
  /** RotaryEmbedding as an operator of its own, in front of the attention. */
  readonly turnsApart?: boolean
}

export const SMALL_DECODER: ModernDecoder = {
  ...{vocabulary: 512, width: 64, heads: 4, pairs: 2, hidden: 128, layers: 2, positions: 64, isTied: true},
}

const RUNTIME = {domain: 'com.microsoft'}

/**
 * A decoder with seeded random weights: GroupQueryAttention over past keys and values, rotary positions, RMS norms fused with their
 * residual sums, gated SiLU, the head tied to the embeddings. Weights are made when they are read: any size takes little memory.
 */
export function modernDecoder(decoder: ModernDecoder): Write {
  return (build) => new Writer(build, decoder).write()
}

class Writer {
  #seed = 0

  constructor(
    private readonly build: GraphBuilder,
    private readonly sizes: ModernDecoder,
  ) {}

  write(): void {
    const {build, sizes} = this
    const {vocabulary, width, layers, isTied} = sizes
    const ids = build.input('input_ids', ['N', 'T'], 'int64')
    const mask = build.input('attention_mask', ['N', 'S'], 'int64')
    const table = this.#weight([vocabulary, width], 1, 'model.embed_tokens.weight')
    const places = this.#places(mask)
    let x = build.op('Gather', [table, ids], {}, {name: '/model/embed_tokens/Gather'})
    let normal = build.op('SimplifiedLayerNormalization', [x, this.#ones()], {axis: -1, epsilon: float(1e-6)})
    for (let layer = 0; layer < layers; layer++) {
      const attended = this.#attention(layer, normal, places)
      const [sum, middle] = this.#skipNorm(x, attended)
      const [next, after] = this.#skipNorm(sum, this.#gatedMlp(layer, middle))
      x = next
      normal = after
    }
    const head = isTied ? build.op('Transpose', [table], {perm: [1, 0]}) : this.#weight([width, vocabulary], width)
    build.output(build.op('MatMul', [normal, head], {}, {name: '/lm_head/MatMul', outputs: ['logits']}))
  }

  /** Lengths of the sequences, as GroupQueryAttention wants them, and the tables of angles. */
  #places(mask: Value) {
    const {build, sizes} = this
    const half = sizes.width / sizes.heads / 2
    const length = build.op('ReduceSum', [mask, build.ints([1])], {keepdims: 0})
    const last = build.op('Cast', [build.op('Sub', [length, build.scalar(1, 'int64')])], {to: INT32})
    const total = build.op('Gather', [build.op('Shape', [mask]), build.scalar(1, 'int64')])
    const angle = (i: number) => Math.floor(i / half) / 10_000 ** ((i % half) / half)
    const tableOf = (wave: (angle: number) => number) => {
      const shape = [sizes.positions, half]
      return build.floats(
        Float32Array.from({length: sizes.positions * half}, (_, i) => wave(angle(i))),
        shape,
      )
    }
    const lengths = [last, build.op('Cast', [total], {to: INT32})]
    return {lengths, angles: [tableOf(Math.cos), tableOf(Math.sin)]}
  }

  #attention(layer: number, x: Value, {lengths, angles}: {lengths: Value[]; angles: Value[]}): Value {
    const {build, sizes} = this
    const {width, heads, pairs, turnsApart} = sizes
    const size = width / heads
    const past = ['key', 'value'].map((part) => {
      return build.input(`past_key_values.${layer}.${part}`, ['N', pairs, 'P', size])
    })
    const name = (part: string) => `/model/layers.${layer}/attn/${part}/MatMul`
    const [query, key, value] = [
      this.#turned(this.#product(x, width, width, name('q_proj')), heads, lengths, angles),
      this.#turned(this.#product(x, width, pairs * size, name('k_proj')), pairs, lengths, angles),
      this.#product(x, width, pairs * size, name('v_proj')),
    ]
    const attributes = {num_heads: heads, kv_num_heads: pairs, do_rotary: turnsApart ? 0 : 1}
    const node = build.node(
      'GroupQueryAttention',
      [query, key, value, ...past, ...lengths, ...(turnsApart ? [] : angles)],
      attributes,
      {
        ...RUNTIME,
        outputs: [undefined, `present.${layer}.key`, `present.${layer}.value`].map((one) => one ?? `/attn.${layer}`),
      },
    )
    for (const present of node.outputs.slice(1)) build.output(present as Value)
    return this.#product(node.outputs[0] as Value, width, width, name('o_proj'))
  }

  /** Turned by its place, where attention does not do that itself. */
  #turned(x: Value, heads: number, [last]: Value[], angles: Value[]): Value {
    const {build, sizes} = this
    if (!sizes.turnsApart) return x
    const steps = build.op('Gather', [build.op('Shape', [x]), build.ints([1])])
    const first = build.op('Sub', [
      build.op('Cast', [last as Value], {to: INT64}),
      build.op('Sub', [steps, build.ints([1])]),
    ])
    const range = build.op('Range', [build.scalar(0, 'int64'), build.op('Squeeze', [steps]), build.scalar(1, 'int64')])
    const places = build.op('Add', [build.op('Unsqueeze', [first, build.ints([1])]), range])
    const attributes = {num_heads: heads}
    return build.op('RotaryEmbedding', [x, places, ...angles], attributes, RUNTIME)
  }

  #gatedMlp(layer: number, x: Value): Value {
    const {build} = this
    const {width, hidden} = this.sizes
    const name = (part: string) => `/model/layers.${layer}/mlp/${part}/MatMul`
    const gate = this.#product(x, width, hidden, name('gate_proj'))
    const open = build.op('Mul', [gate, build.op('Sigmoid', [gate])])
    const gated = build.op('Mul', [open, this.#product(x, width, hidden, name('up_proj'))])
    return this.#product(gated, hidden, width, name('down_proj'))
  }

  /** @returns the sum, and it normalized. */
  #skipNorm(x: Value, skip: Value): [sum: Value, normal: Value] {
    const {outputs} = this.build.node(
      'SkipSimplifiedLayerNormalization',
      [x, skip, this.#ones()],
      {epsilon: float(1e-6)},
      {...RUNTIME, outputs: 4},
    )
    const [normal, , , sum] = outputs
    return [sum as Value, normal as Value]
  }

  #product(x: Value, rows: number, columns: number, name: string): Value {
    return this.build.op('MatMul', [x, this.#weight([rows, columns], rows)], {}, {name})
  }

  #ones(): Value {
    return this.build.floats(new Float32Array(this.sizes.width).fill(1))
  }

  /** Even random numbers of variance `1 / fanIn`. */
  #weight(shape: readonly number[], fanIn: number, name?: string): Value {
    const count = shape.reduce((product, size) => product * size, 1)
    const [seed, range] = [++this.#seed, 2 * Math.sqrt(3 / fanIn)]
    const read = () => {
      const values = new Float32Array(count)
      let state = seed
      for (let i = 0; i < count; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        values[i] = (state / 2 ** 32 - 0.5) * range
      }
      return values
    }
    return this.build.constant(derivedTensor('float32', shape, read), name)
  }
}

/** TensorProto.DataType numbers. */
const [INT32, INT64] = [6, 7]
