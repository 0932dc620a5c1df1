import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import {float} from '../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Value} from '../../../src/ir/value.js'
import {type Feeds, floatFeed, randomFloats, type Write} from '../pass-trial.js'

/** A net nobody drew, and samples for it. */
export interface RandomNet {
  readonly write: Write
  readonly feeds: Feeds
}

/** A value of an image net: `[2, channels, size, size]`. */
interface Plane {
  readonly value: Value
  readonly channels: number
  readonly size: number
}

const ROWS = 2
const SIZE = 8

/** A small net of layers in a random order, with branches, the same for the same seed: three image nets to each net of sequences. */
export function randomNet(seed: number): RandomNet {
  const kind = seed % 4 === 0 ? 'sequence' : 'image'
  const channels = [1, 3, 8, 16][seed % 3] as number
  const dims = kind === 'image' ? [ROWS, channels, SIZE, SIZE] : [ROWS, 6, 32]
  const write: Write = (build) => {
    const draw = new Draw(build, seed)
    const x = build.input('x', seed % 2 === 0 ? dims : ['N', ...dims.slice(1)])
    if (kind === 'image') draw.image({value: x, channels, size: SIZE})
    else draw.sequence(x)
  }
  return {write, feeds: {x: floatFeed(dims, seed + 1)}}
}

class Draw {
  readonly #generator
  #weights = 0

  constructor(
    private readonly build: GraphBuilder,
    private readonly seed: number,
  ) {
    this.#generator = xoroshiro128plus(seed + 1000)
  }

  image(x: Plane): void {
    const planes = [this.#conv(x)]
    for (let left = 3 + this.#below(6); left > 0; left--) {
      const layers = [this.#conv, this.#conv, this.#activation, this.#activation, this.#pool, this.#move, this.#gate]
      const both = [this.#sum, this.#concat]
      const from = this.#one(planes.slice(-3))
      const next = this.#below(4) === 0 ? this.#one(both).call(this, planes) : this.#one(layers).call(this, from)
      planes.push(next)
    }
    const last = planes.at(-1) as Plane
    const end = this.#below(3) === 0 ? this.#conv(last).value : this.#head(last)
    this.build.output(end)
    if (this.#below(4) === 0) this.build.output(this.build.op('Neg', [this.#one(planes).value]))
  }

  sequence(x: Value): void {
    const {build} = this
    let [value, width] = [x, 32]
    for (let left = 2 + this.#below(5); left > 0; left--) {
      const choice = this.#below(5)
      if (choice <= 1) {
        const next = this.#one([32, 48])
        value = this.#product(value, width, next)
        width = next
      } else if (choice === 2) value = this.#unary(value)
      else if (choice === 3) value = build.op('Add', [value, this.#product(value, width, width)])
      else {
        const weights = [
          build.floats(randomFloats(width, 1, 1), [width]),
          build.floats(new Float32Array(width), [width]),
        ]
        value = build.op('LayerNormalization', [value, ...weights], {axis: -1})
      }
    }
    build.output(this.#product(value, width, 10))
  }

  #below(limit: number): number {
    return uniformInt(this.#generator, 0, limit - 1)
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T
  }

  /** Values that keep the size of what they multiply. */
  #floats(dims: readonly number[], fanIn: number): Value {
    const count = dims.reduce((product, size) => product * size, 1)
    const values = randomFloats(count, this.seed * 50 + this.#weights++, Math.sqrt(3 / fanIn))
    return this.build.floats(values, [...dims])
  }

  #product(value: Value, width: number, next: number): Value {
    const product = this.build.op('MatMul', [value, this.#floats([width, next], width)])
    return this.#below(2) === 0 ? product : this.build.op('Add', [product, this.#floats([next], 10)])
  }

  #conv({value, channels, size}: Plane): Plane {
    const kernel = this.#one([1, 3])
    const group = this.#one([1, 1, channels])
    const next = group === 1 ? this.#one([8, 16, 24]) : channels
    const stride = size >= 4 ? this.#one([1, 1, 2]) : 1
    const weight = this.#floats([next, channels / group, kernel, kernel], (channels / group) * kernel * kernel)
    const bias = this.#below(3) === 0 ? [] : [this.#floats([next], 10)]
    const pad = (kernel - 1) / 2
    const attributes = {group, strides: [stride, stride], pads: [pad, pad, pad, pad], kernel_shape: [kernel, kernel]}
    const made = this.build.op('Conv', [value, weight, ...bias], attributes)
    return {value: made, channels: next, size: Math.floor((size - 1) / stride) + 1}
  }

  #activation({value, ...rest}: Plane): Plane {
    return {value: this.#unary(value), ...rest}
  }

  #unary(x: Value): Value {
    const {build} = this
    const clip = (value: Value) => build.op('Clip', [value, build.scalar(0), build.scalar(6)])
    const makers = [
      () => build.op('Relu', [x]),
      () => clip(x),
      () => build.op('LeakyRelu', [x], {alpha: float(0.1)}),
      () => build.op('Tanh', [x]),
      () => build.op('Mul', [x, build.op('Sigmoid', [x])]),
      () => build.op('HardSwish', [x]),
      () => build.op('Mul', [x, build.op('HardSigmoid', [x])]),
      () => build.op('Div', [build.op('Mul', [x, clip(build.op('Add', [x, build.scalar(3)]))]), build.scalar(6)]),
      () => build.op('Elu', [x]),
    ]
    return this.#one(makers)()
  }

  #pool({value, channels, size}: Plane): Plane {
    const type = this.#one(['MaxPool', 'AveragePool'])
    if (size < 4) return {value: this.build.op('Relu', [value]), channels, size}
    const made = this.build.op(type, [value], {kernel_shape: [2, 2], strides: [2, 2]})
    return {value: made, channels, size: Math.floor(size / 2)}
  }

  /** Layers that only move values. */
  #move({value, channels, size}: Plane): Plane {
    const {build} = this
    const half = channels >> 1
    const scales = build.floats([1, 1, 2, 2], [4])
    const resize = () => build.op('Resize', [value, undefined, scales], {mode: 'nearest'})
    const choice = this.#below(4)
    if (choice === 0 && size <= SIZE) return {value: resize(), channels, size: 2 * size}
    if (choice === 1 && half > 0) {
      const part = build.op('Slice', [value, build.ints([0]), build.ints([half]), build.ints([1])])
      return {value: part, channels: half, size}
    }
    if (choice === 2) return {value: build.op('Transpose', [value], {perm: [0, 1, 3, 2]}), channels, size}
    const flat = build.op('Reshape', [value, build.ints([0, channels, size * size])])
    return {value: build.op('Reshape', [flat, build.ints([0, channels, size, size])]), channels, size}
  }

  /** Squeeze and excite. */
  #gate({value, channels, size}: Plane): Plane {
    const {build} = this
    const squeezed = build.op('GlobalAveragePool', [value])
    const inner = build.op('Relu', [build.op('Conv', [squeezed, this.#floats([8, channels, 1, 1], channels)])])
    const outer = build.op('Conv', [inner, this.#floats([channels, 8, 1, 1], 8), this.#floats([channels], 10)])
    return {value: build.op('Mul', [value, build.op(this.#one(['Sigmoid', 'HardSigmoid']), [outer])]), channels, size}
  }

  /** Of two alike, or of one with itself. */
  #sum(planes: readonly Plane[]): Plane {
    const last = planes.at(-1) as Plane
    const other = planes.slice(0, -1).find(({channels, size}) => channels === last.channels && size === last.size)
    return {...last, value: this.build.op(this.#one(['Add', 'Add', 'Mul', 'Sub']), [last.value, (other ?? last).value])}
  }

  #concat(planes: readonly Plane[]): Plane {
    const last = planes.at(-1) as Plane
    const other = planes.slice(0, -1).find(({size}) => size === last.size) ?? last
    const joined = this.build.op('Concat', [last.value, other.value], {axis: 1})
    return {value: joined, channels: last.channels + other.channels, size: last.size}
  }

  #head({value, channels}: Plane): Value {
    const {build} = this
    const flat = build.op('Flatten', [build.op('GlobalAveragePool', [value])])
    const transB = this.#below(2)
    const weight = this.#floats(transB === 1 ? [10, channels] : [channels, 10], channels)
    const bias = this.#below(2) === 0 ? [] : [this.#floats([10], 10)]
    const logits = build.op('Gemm', [flat, weight, ...bias], {transB, alpha: float(this.#one([1, 0.5]))})
    return this.#below(3) === 0 ? build.op('Softmax', [logits], {axis: -1}) : logits
  }
}
