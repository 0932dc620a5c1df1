import {float} from '../../src/ir/attribute.js'
import type {GraphBuilder} from '../../src/ir/build.js'
import type {Value} from '../../src/ir/value.js'
import {Layers} from './built-nets.js'
import type {Write} from './pass-trial.js'

/** Vision networks of the blocks that torchvision's have, narrow and of seeded weights, as its exporter writes them. */

export const VISION_INPUT = [2, 3, 64, 64]
const CLASSES = 10

interface ConvOptions {
  readonly kernel?: number
  readonly stride?: number
  readonly group?: number
}

type Activation = (build: GraphBuilder, x: Value) => Value

const relu: Activation = (build, x) => build.op('Relu', [x])
const relu6: Activation = (build, x) => build.op('Clip', [x, build.scalar(0), build.scalar(6)])
const hardSwish: Activation = (build, x) => build.op('HardSwish', [x])
const silu: Activation = (build, x) => build.op('Mul', [x, build.op('Sigmoid', [x])])
const sigmoid: Activation = (build, x) => build.op('Sigmoid', [x])
const hardSigmoid: Activation = (build, x) => build.op('HardSigmoid', [x], {alpha: float(1 / 6), beta: float(0.5)})

class Vision extends Layers {
  input(): Value {
    return this.build.input('x', ['N', ...VISION_INPUT.slice(1)])
  }

  /** Output channels, then input channels; same size but for the stride. */
  conv(x: Value, [to, from]: readonly [number, number], {kernel = 1, stride = 1, group = 1}: ConvOptions = {}): Value {
    const pad = kernel >> 1
    const fanIn = (from / group) * kernel * kernel
    // twice the variance: activations halve it
    const weight = this.weight([to, from / group, kernel, kernel], fanIn / 2)
    return this.build.op('Conv', [x, weight, this.weight([to], 12)], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group,
    })
  }

  classify(x: Value, channels: number): void {
    const pooled = this.build.op('Flatten', [this.build.op('GlobalAveragePool', [x])])
    const product = this.build.op('Gemm', [pooled, this.weight([CLASSES, channels], channels / 8)], {transB: 1})
    this.build.output(this.build.op('Add', [product, this.weight([CLASSES], 12)], {}, {outputs: ['logits']}))
  }

  squeezeExcite(x: Value, channels: number, inner: Activation, gate: Activation): Value {
    const pooled = this.build.op('GlobalAveragePool', [x])
    const squeezed = inner(this.build, this.conv(pooled, [channels >> 2, channels]))
    return this.build.op('Mul', [gate(this.build, this.conv(squeezed, [channels, channels >> 2])), x])
  }
}

/** ResNet: basic blocks, the second with a projection beside it. */
export const writeResidual: Write = (build) => {
  const net = new Vision(build, 700)
  const stem = relu(build, net.conv(net.input(), [16, 3], {kernel: 7, stride: 2}))
  let x = build.op('MaxPool', [stem], {kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1]})
  for (const [to, from, stride] of [
    [16, 16, 1],
    [32, 16, 2],
  ] as const) {
    const first = relu(build, net.conv(x, [to, from], {kernel: 3, stride}))
    const beside = to === from ? x : net.conv(x, [to, from], {stride})
    x = relu(build, build.op('Add', [net.conv(first, [to, to], {kernel: 3}), beside]))
  }
  net.classify(x, 32)
}

interface InvertedOptions {
  readonly seed: number
  readonly activation: Activation
  readonly excite?: readonly [inner: Activation, gate: Activation]
}

/** MobileNet and EfficientNet: expand, depthwise, squeeze-excite, project, the input added again where it has the same shape. */
function inverted({seed, activation, excite}: InvertedOptions): Write {
  return (build) => {
    const net = new Vision(build, seed)
    let x = activation(build, net.conv(net.input(), [16, 3], {kernel: 3, stride: 2}))
    for (const [to, from, wide, kernel, stride] of [
      [16, 16, 16, 3, 1],
      [24, 16, 72, 3, 2],
      [24, 24, 72, 5, 1],
    ] as const) {
      const expanded = wide === from ? x : activation(build, net.conv(x, [wide, from]))
      const depthwise = activation(build, net.conv(expanded, [wide, wide], {kernel, stride, group: wide}))
      const weighed = excite ? net.squeezeExcite(depthwise, wide, ...excite) : depthwise
      const projected = net.conv(weighed, [to, wide])
      x = to === from && stride === 1 ? build.op('Add', [projected, x]) : projected
    }
    net.classify(activation(build, net.conv(x, [96, 24])), 96)
  }
}

export const writeMobileV2 = inverted({seed: 800, activation: relu6})
export const writeMobileV3 = inverted({seed: 900, activation: hardSwish, excite: [relu, hardSigmoid]})
export const writeEfficient = inverted({seed: 1000, activation: silu, excite: [silu, sigmoid]})

/** SqueezeNet: fire modules, whose two halves are joined, and a convolution in place of the last layer. */
export const writeFire: Write = (build) => {
  const net = new Vision(build, 1100)
  let x = relu(build, net.conv(net.input(), [16, 3], {kernel: 3, stride: 2}))
  for (const from of [16, 32]) {
    const pooled = build.op('MaxPool', [x], {kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1})
    const squeezed = relu(build, net.conv(pooled, [8, from]))
    const halves = [1, 3].map((kernel) => relu(build, net.conv(squeezed, [16, 8], {kernel})))
    x = build.op('Concat', halves, {axis: 1})
  }
  const scores = relu(build, net.conv(x, [CLASSES, 32]))
  build.output(build.op('Flatten', [build.op('GlobalAveragePool', [scores])], {}, {outputs: ['logits']}))
}

const BOXES = 5

/**
 * A detector's head: boxes and scores of every place of a map, the best ones by NonMaxSuppression and TopK. Overlaps are no reason to
 * drop a box here, so that as many come out however the scores are rounded.
 */
export const writeDetector: Write = (build) => {
  const net = new Vision(build, 1200)
  const stem = relu(build, net.conv(build.input('x', [1, ...VISION_INPUT.slice(1)]), [16, 3], {kernel: 3, stride: 2}))
  const features = relu(build, net.conv(stem, [32, 16], {kernel: 3, stride: 4}))
  const places = 64
  const rows = (channels: number, name: string) => {
    const map = build.op('Transpose', [net.conv(features, [channels, 32], {kernel: 3})], {perm: [0, 2, 3, 1]})
    return build.op('Reshape', [map, build.ints([1, places, channels])], {}, {outputs: [name]})
  }
  const boxes = rows(4, 'boxes')
  const scores = build.op('Transpose', [sigmoid(build, rows(3, 'classes'))], {perm: [0, 2, 1]}, {outputs: ['scores']})
  const limits = [build.ints([BOXES]), build.floats([1])]
  const chosen = build.op('NonMaxSuppression', [boxes, scores, ...limits])
  const kept = build.op('GatherND', [scores, chosen])
  const best = build.node('TopK', [kept, build.ints([BOXES])], {axis: 0}, {outputs: ['best', 'places']})
  for (const value of [boxes, best.outputs[0]]) if (value) build.output(value)
}
